/** One signature of which the public key is wanted. */
export interface RecoveryRequest {
  /** 32 bytes that were signed. */
  readonly hash: Uint8Array;
  /** r and s, 64 bytes. */
  readonly signature: Uint8Array;
  /** Which of the two points with that r. */
  readonly parity: 0 | 1;
}

/** Uncompressed, 65 bytes; nothing when no key made the signature. */
export type PublicKey = Uint8Array | undefined;

const REQUEST_BYTES = 97;
const KEY_BYTES = 65;

/** One array for many: passing it to another thread costs as much as passing one object. */
export function packRequests(requests: readonly RecoveryRequest[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(REQUEST_BYTES * requests.length);
  for (const [index, { hash, signature, parity }] of requests.entries()) {
    bytes.set(hash, REQUEST_BYTES * index);
    bytes.set(signature, REQUEST_BYTES * index + 32);
    bytes[REQUEST_BYTES * index + 96] = parity;
  }
  return bytes;
}

export function unpackRequests(bytes: Uint8Array): RecoveryRequest[] {
  return partsOf(bytes, REQUEST_BYTES).map((part) => ({
    hash: part.subarray(0, 32),
    signature: part.subarray(32, 96),
    parity: part[96] === 1 ? 1 : 0,
  }));
}

/** A key begins with 4; where none is, all bytes are 0. */
export function packKeys(keys: readonly PublicKey[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(KEY_BYTES * keys.length);
  for (const [index, key] of keys.entries()) if (key !== undefined) bytes.set(key, KEY_BYTES * index);
  return bytes;
}

export function unpackKeys(bytes: Uint8Array): PublicKey[] {
  return partsOf(bytes, KEY_BYTES).map((key) => (key[0] === 4 ? key : undefined));
}

function partsOf(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: bytes.length / size }, (_, index) => bytes.subarray(size * index, size * (index + 1)));
}
