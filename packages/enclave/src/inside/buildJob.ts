import { join } from 'node:path';
import type { ReleasedSecrets } from '@gleaner/api';
import { GleanerError } from '@gleaner/primitives';
import { bulkEnvironment, parseParams } from '@gleaner/protocol';
import { type Job, taskJob } from '@gleaner/sandbox';
import type { AttestMessage, RunMessage } from '../messages.ts';
import { openDataset, openSlice } from './openDatasets.ts';
import { readSlice } from './readSlice.ts';
import { secretEnvironment } from './secretEnvironment.ts';

/**
 * The sandbox job of a confidential task: the ordinary one, with the decrypted data sets beside the inputs and the secrets in the environment.
 * @param scratch folder of this enclave alone
 * @throws {GleanerError} secret-missing, content-corrupt, key-invalid, input-missing, bulk-invalid, and what `taskJob` throws
 */
export async function buildJob(start: AttestMessage, run: RunMessage, secrets: ReleasedSecrets, scratch: string): Promise<Job> {
  const { terms, files, limits } = run;
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
  const slice = await openBulk(run, secrets, scratch);
  return {
    ...job,
    env: { ...job.env, ...bulkEnvironment(slice?.map(({ name }) => name)), ...secretEnvironment(secrets) },
    inputs: [...job.inputs, ...(await openDataset(run, secrets, scratch)), ...(slice ?? [])],
  };
}

/** The data sets of the task's slice; undefined when the request names no bulk. */
async function openBulk({ terms, files }: RunMessage, secrets: ReleasedSecrets, scratch: string): Promise<Job['inputs'] | undefined> {
  const { bulk_cid: bulk } = parseParams(terms.params);
  if (bulk === undefined) return undefined;
  if (files.bulk === undefined) throw new GleanerError('input-missing', 'The files of the bulk were not handed over');
  const datasets = await readSlice(bulk, BigInt(terms.index), files.bulk);
  return await openSlice(datasets, files.bulk.datasets, secrets, scratch);
}
