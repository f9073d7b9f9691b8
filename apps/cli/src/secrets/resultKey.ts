import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { readSecretFile, writeSecretFile } from '@gleaner/keys';
import { type Address, GleanerError, isGleanerError } from '@gleaner/primitives';
import { generateResultKey, hasSecret, pushSecret, RESULT_KEY_NAME, type ResultKey } from '@gleaner/sdk';
import type { Session } from '../session.ts';

/** Private key of an account's results; readable by its owner only. Lost, the results encrypted to it are lost. */
const resultKeyPath = (dataDir: string, account: Address): string => join(dataDir, 'result-keys', `${account.toLowerCase()}.pem`);

/** The key that opens the results of an account, as far as this data folder has it. @throws {GleanerError} key-invalid when others may read the file */
export async function findResultKey(dataDir: string, account: Address): Promise<ResultKey> {
  try {
    return { privateKey: await readSecretFile(resultKeyPath(dataDir, account)) };
  } catch (error) {
    if (isGleanerError(error) && error.code === 'key-not-found') return {};
    throw error;
  }
}

export interface PushedResultKey {
  readonly account: Address;
  readonly path: string;
}

/**
 * Sees to it that results can be encrypted to the account and opened here: makes a pair of keys if there is none, and hands its public half
 * to the secret service.
 * @throws {GleanerError} secret-exists when the service has a key that was made elsewhere, unless it is to be replaced
 */
export async function ensureResultKey({ gleaner, dataDir }: Session, { replace = false } = {}): Promise<PushedResultKey> {
  const account = gleaner.signer().address;
  const path = resultKeyPath(dataDir, account);
  const place = { kind: 'account', account, name: RESULT_KEY_NAME } as const;
  const { privateKey } = await findResultKey(dataDir, account);
  const isPushed = await hasSecret(gleaner, place);
  if (isPushed && privateKey === undefined && !replace) throw madeElsewhere(account);
  if (privateKey !== undefined && isPushed && !replace) return { account, path };
  const value = privateKey === undefined ? await makeKey(path) : publicKeyOf(privateKey);
  await pushSecret(gleaner, { place, value, replace: isPushed });
  return { account, path };
}

async function makeKey(path: string): Promise<string> {
  const { publicKey, privateKey } = await generateResultKey();
  await writeSecretFile(path, privateKey);
  return publicKey;
}

function publicKeyOf(privateKey: string): string {
  return Buffer.from(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' })).toString('base64');
}

function madeElsewhere(account: Address): GleanerError {
  return new GleanerError(
    'secret-exists',
    `The results of ${account} are encrypted to a key that is not in this data folder; to use one of its own: gleaner requester result-key --replace`,
    { details: { account } },
  );
}
