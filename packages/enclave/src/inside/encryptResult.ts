import { constants, createCipheriv, createPublicKey, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createArchive, ENCRYPTED_FILES } from '@gleaner/content';
import { GleanerError } from '@gleaner/primitives';

/** Shortest RSA key that keeps anything secret. */
const LEAST_BITS = 2048;
/** Longest encrypted key that the stock client reads is 1000 bytes. */
const MOST_BITS = 7_936;

/**
 * Encrypts an archive to its beneficiary, in the layout that the stock client opens: a zip of the AES-256 key under RSA (PKCS#1 v1.5),
 * and of IV ‖ AES-256-CBC (PKCS#7) of the archive.
 * @param beneficiaryKey base64 of the PEM of an RSA public key
 * @throws {GleanerError} key-invalid
 */
export async function encryptResult(options: {
  readonly archivePath: string;
  readonly encryptedPath: string;
  readonly scratch: string;
  readonly beneficiaryKey: string;
}): Promise<void> {
  const { archivePath, encryptedPath, scratch } = options;
  const publicKey = decodeBeneficiaryKey(options.beneficiaryKey);
  const folder = join(scratch, 'encrypted');
  await mkdir(folder, { mode: 0o700 });
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  const target = createWriteStream(join(folder, ENCRYPTED_FILES.result), { mode: 0o600 });
  target.write(iv);
  await pipeline(createReadStream(archivePath), createCipheriv('aes-256-cbc', key, iv), target);
  await writeFile(join(folder, ENCRYPTED_FILES.key), publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, key), {
    mode: 0o600,
  });
  key.fill(0);
  await pipeline(createArchive(folder), createWriteStream(encryptedPath, { mode: 0o600 }));
}

/** @throws {GleanerError} key-invalid */
function decodeBeneficiaryKey(text: string): KeyObject {
  const key = parse(Buffer.from(text, 'base64').toString('utf8'));
  const bits = key?.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0;
  if (key !== undefined && bits >= LEAST_BITS && bits <= MOST_BITS) return key;
  throw new GleanerError('key-invalid', `The beneficiary's key is no RSA public key of ${LEAST_BITS} to ${MOST_BITS} bits`);
}

function parse(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
