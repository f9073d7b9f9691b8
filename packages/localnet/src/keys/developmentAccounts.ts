import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Address, GleanerError, type Hex } from '@gleaner/primitives';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { fileError, isMissing } from '../files/fileErrors.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { writeFileAtomic } from '../files/writeFileAtomic.ts';

export interface DevelopmentAccount {
  readonly name: string;
  readonly address: Address;
  readonly privateKey: Hex;
  readonly keyFile: string;
}

export const ROLES = ['requester', 'appOwner', 'datasetOwner', 'workerpoolOwner', 'stranger', 'hubOwner', 'keeper', 'faucet'] as const;
export type Role = (typeof ROLES)[number];

export type RoleAccounts = Readonly<Record<Role, DevelopmentAccount>>;

/** Accounts of all roles; keys are made at random the first time and kept in `<dataDir>/keys`, mode 0600. */
export async function openRoleAccounts(dataDir: string): Promise<RoleAccounts> {
  const dir = join(dataDir, 'keys');
  await makeFolder(dir);
  const accounts = await Promise.all(ROLES.map((role) => openAccount(role, join(dir, role))));
  return Object.fromEntries(accounts.map((account) => [account.name, account])) as unknown as RoleAccounts;
}

/** Accounts of `worker-1` … `worker-count`, each with its key file in the worker's own folder. */
export async function openWorkerAccounts(dataDir: string, count: number): Promise<DevelopmentAccount[]> {
  const names = Array.from({ length: count }, (_, index) => String(index + 1));
  return Promise.all(names.map((name) => openWorkerAccount(dataDir, name)));
}

export const workerFolder = (dataDir: string, number: number | string): string => join(dataDir, 'workers', String(number));

async function openWorkerAccount(dataDir: string, number: string): Promise<DevelopmentAccount> {
  const dir = workerFolder(dataDir, number);
  await makeFolder(dir);
  return openAccount(`worker-${number}`, join(dir, 'key'));
}

/** @throws {GleanerError} data-unreadable, data-corrupt, disk-full */
async function openAccount(name: string, keyFile: string): Promise<DevelopmentAccount> {
  const privateKey = (await findKey(keyFile)) ?? (await createKey(keyFile));
  return { name, address: privateKeyToAddress(privateKey), privateKey, keyFile };
}

async function findKey(path: string): Promise<Hex | undefined> {
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(error, path);
  }
  if (!/^0x[0-9a-f]{64}$/i.test(text)) throw new GleanerError('data-corrupt', `Not a private key: ${path}`, { details: { path } });
  return text as Hex;
}

async function createKey(path: string): Promise<Hex> {
  const key = generatePrivateKey();
  await writeFileAtomic(path, `${key}\n`);
  return key;
}
