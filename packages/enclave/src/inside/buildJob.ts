import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleasedSecrets } from '@gleaner/api';
import { type Address, GleanerError, type Hex, isHex, ZERO_ADDRESS } from '@gleaner/primitives';
import { inputName, parseParams } from '@gleaner/protocol';
import { type Job, taskJob } from '@gleaner/sandbox';
import type { AttestMessage, RunMessage } from '../messages.ts';
import { decryptDataset } from './decryptDataset.ts';
import { secretEnvironment } from './secretEnvironment.ts';

/**
 * The sandbox job of a confidential task: the ordinary one, with the decrypted data set beside the inputs and the secrets in the environment.
 * @param scratch folder of this enclave alone
 * @throws {GleanerError} secret-missing, content-corrupt, key-invalid, bad-request, and what `taskJob` throws
 */
export async function buildJob(start: AttestMessage, run: RunMessage, secrets: ReleasedSecrets, scratch: string): Promise<Job> {
  const { terms, files, limits } = run;
  if (parseParams(terms.params).bulk_cid !== undefined) throw new GleanerError('bad-request', 'Bulk requests are not run in enclaves yet');
  const { index, botFirst, botSize, dataset, params } = terms;
  const job = taskJob(
    {
      taskId: start.taskId,
      dealId: start.dealId,
      index: BigInt(index),
      botFirst: BigInt(botFirst),
      botSize: BigInt(botSize),
      dataset,
      params,
      checksum: start.program.checksum,
    },
    { program: { path: start.program.path }, inputs: files.inputs, outputDir: join(scratch, 'out') },
    { ...limits, fuel: BigInt(limits.fuel) },
  );
  const opened = await openDataset(dataset, files.dataset, secrets, scratch);
  return {
    ...job,
    env: { ...job.env, ...secretEnvironment(secrets) },
    inputs: opened === undefined ? job.inputs : [...job.inputs, opened],
  };
}

async function openDataset(
  dataset: Address,
  path: string | undefined,
  { dataset: released }: ReleasedSecrets,
  scratch: string,
): Promise<Job['inputs'][number] | undefined> {
  if (dataset === ZERO_ADDRESS) return undefined;
  if (released?.address.toLowerCase() !== dataset.toLowerCase())
    throw new GleanerError('secret-missing', `The key of data set ${dataset} was not released`, { details: { dataset } });
  if (path === undefined) throw new GleanerError('input-missing', `The file of data set ${dataset} was not handed over`);
  const content = decryptDataset(await readFile(path), { key: released.key, checksum: checksumOf(released.checksum) });
  const decrypted = join(scratch, inputName(dataset));
  await writeFile(decrypted, content, { mode: 0o600, flag: 'wx' });
  return { name: dataset, path: decrypted };
}

const checksumOf = (value: unknown): Hex => (isHex(value) ? (value as Hex) : '0x');
