import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleasedSecrets } from '@gleaner/api';
import { type Address, GleanerError, type Hex, isHex, ZERO_ADDRESS } from '@gleaner/primitives';
import { inputName } from '@gleaner/protocol';
import type { Job } from '@gleaner/sandbox';
import type { RunMessage } from '../messages.ts';
import { decryptDataset } from './decryptDataset.ts';

type Released = NonNullable<ReleasedSecrets['dataset']>;
type Opened = Job['inputs'][number];

/**
 * The decrypted data set of the deal; nothing for a deal without one.
 * @param scratch folder of this enclave alone
 * @throws {GleanerError} secret-missing, input-missing, content-corrupt, key-invalid
 */
export async function openDataset(run: RunMessage, { dataset: released }: ReleasedSecrets, scratch: string): Promise<readonly Opened[]> {
  const { dataset } = run.terms;
  if (dataset === ZERO_ADDRESS) return [];
  if (released?.address.toLowerCase() !== dataset.toLowerCase()) throw notReleased(dataset);
  return [await open(released, run.files.dataset, scratch)];
}

/**
 * The decrypted data sets of a slice, each under its address.
 * @param datasets as the bulk names them, in its order: exactly these must have been released
 * @throws {GleanerError} secret-missing, input-missing, content-corrupt, key-invalid
 */
export async function openSlice(
  datasets: readonly Address[],
  paths: readonly string[],
  { bulk = [] }: ReleasedSecrets,
  scratch: string,
): Promise<readonly Opened[]> {
  const opened: Opened[] = [];
  for (const [position, dataset] of datasets.entries()) {
    const released = bulk[position];
    if (released?.address.toLowerCase() !== dataset.toLowerCase()) throw notReleased(dataset);
    opened.push(await open(released, paths[position], scratch));
  }
  return opened;
}

async function open({ address, key, checksum }: Released, path: string | undefined, scratch: string): Promise<Opened> {
  if (path === undefined) throw new GleanerError('input-missing', `The file of data set ${address} was not handed over`);
  const content = decryptDataset(await readFile(path), { key, checksum: checksumOf(checksum) });
  const decrypted = join(scratch, inputName(address));
  await writeFile(decrypted, content, { mode: 0o600, flag: 'wx' });
  return { name: address, path: decrypted };
}

function notReleased(dataset: Address): GleanerError {
  return new GleanerError('secret-missing', `The key of data set ${dataset} was not released`, { details: { dataset } });
}

const checksumOf = (value: unknown): Hex => (isHex(value) ? (value as Hex) : '0x');
