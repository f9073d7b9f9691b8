import { join } from 'node:path';
import { createPrivateKey, type PrivateKey, readKeyFile, writeKeyFile } from '@gleaner/keys';
import { type Address, isGleanerError } from '@gleaner/primitives';
import { privateKeyToAddress } from 'viem/accounts';
import { makeFolder } from '../files/makeFolder.ts';

export interface DevelopmentAccount {
  readonly name: string;
  readonly address: Address;
  readonly privateKey: PrivateKey;
  readonly keyFile: string;
}

export const ROLES = [
  'requester',
  'appOwner',
  'datasetOwner',
  'workerpoolOwner',
  'poolAgent',
  'stranger',
  'hubOwner',
  'keeper',
  'faucet',
] as const;
export type Role = (typeof ROLES)[number];

export type RoleAccounts = Readonly<Record<Role, DevelopmentAccount>>;

/**
 * Accounts of all roles; keys are made at random the first time and kept in `<dataDir>/keys`, mode 0600.
 * @throws {GleanerError} key-invalid, data-unreadable, disk-full
 */
export async function openRoleAccounts(dataDir: string): Promise<RoleAccounts> {
  const dir = join(dataDir, 'keys');
  await makeFolder(dir);
  const accounts = await Promise.all(ROLES.map((role) => openAccount(role, join(dir, role))));
  return Object.fromEntries(accounts.map((account) => [account.name, account])) as unknown as RoleAccounts;
}

/** Accounts of `worker-1` … `worker-count`, each with its key file in the worker's own folder. */
export async function openWorkerAccounts(dataDir: string, count: number): Promise<DevelopmentAccount[]> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return Promise.all(numbers.map((number) => openWorkerAccount(dataDir, number)));
}

export const workerFolder = (dataDir: string, number: number): string => join(dataDir, 'workers', String(number));

async function openWorkerAccount(dataDir: string, number: number): Promise<DevelopmentAccount> {
  const dir = workerFolder(dataDir, number);
  await makeFolder(dir);
  return openAccount(`worker-${number}`, join(dir, 'key'));
}

async function openAccount(name: string, keyFile: string): Promise<DevelopmentAccount> {
  const privateKey = await readKeyFile(keyFile).catch((error) => createKey(keyFile, error));
  return { name, address: privateKeyToAddress(privateKey), privateKey, keyFile };
}

async function createKey(path: string, error: unknown): Promise<PrivateKey> {
  if (!isGleanerError(error) || error.code !== 'key-not-found') throw error;
  const key = createPrivateKey();
  await writeKeyFile(path, key);
  return key;
}
