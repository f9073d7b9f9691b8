import { GleanerError } from '@gleaner/primitives';

/** An RSA private key as numbers, with the parts of the Chinese remainder theorem. */
interface RsaKey {
  readonly n: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qi: bigint;
  /** Bytes of the modulus. */
  readonly sizeBytes: number;
}

/** Least bytes of padding between the markers. Source: RFC 8017, 7.2.2. */
const LEAST_PADDING = 8;

/**
 * Opens what enclaves and stock clients encrypt under RSA with PKCS#1 v1.5 padding, which browsers do not offer. It is not made for servers
 * that others can question: it takes time by the values, and tells a wrong padding from a right one.
 * @param privateKey PEM of a PKCS#8 key
 * @throws {GleanerError} key-invalid
 */
export async function rsaDecrypt(encrypted: Uint8Array, privateKey: string): Promise<Uint8Array<ArrayBuffer>> {
  const key = await readKey(privateKey);
  const cipher = toNumber(encrypted);
  if (encrypted.length !== key.sizeBytes || cipher >= key.n) throw wrongKey();
  const padded = toBytes(power(key, cipher), key.sizeBytes);
  const end = padded.indexOf(0, 2);
  if (padded[0] !== 0 || padded[1] !== 2 || end < 2 + LEAST_PADDING) throw wrongKey();
  return padded.slice(end + 1);
}

const wrongKey = () => new GleanerError('key-invalid', 'The private key is not the one that the result was encrypted to');

async function readKey(pem: string): Promise<RsaKey> {
  const jwk = await exportJwk(pem).catch((cause: unknown) => {
    throw new GleanerError('key-invalid', 'The private key is no RSA key in PEM of PKCS#8 (BEGIN PRIVATE KEY)', { cause });
  });
  const part = (name: 'n' | 'p' | 'q' | 'dp' | 'dq' | 'qi') => toNumber(fromBase64Url(jwk[name] ?? ''));
  const n = part('n');
  return { n, p: part('p'), q: part('q'), dp: part('dp'), dq: part('dq'), qi: part('qi'), sizeBytes: fromBase64Url(jwk.n ?? '').length };
}

async function exportJwk(pem: string): Promise<JsonWebKey> {
  const body = pem.replace(/-----(BEGIN|END) PRIVATE KEY-----/g, '').replace(/\s+/g, '');
  const der = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey('pkcs8', der, { name: 'RSA-OAEP', hash: 'SHA-256' }, true, ['decrypt']);
  return await crypto.subtle.exportKey('jwk', key);
}

/** cipher^d mod n. */
function power({ p, q, dp, dq, qi }: RsaKey, cipher: bigint): bigint {
  const [ofP, ofQ] = [powerMod(cipher % p, dp, p), powerMod(cipher % q, dq, q)];
  const difference = (((ofP - ofQ) % p) + p) % p;
  return ofQ + ((qi * difference) % p) * q;
}

function powerMod(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
}

function toBytes(number: bigint, length: number): Uint8Array<ArrayBuffer> {
  const digits = number.toString(16).padStart(length * 2, '0');
  return Uint8Array.from({ length }, (_, at) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16));
}
