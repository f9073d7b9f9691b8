import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchContent } from '@gleaner/api';
import { assertContent, packResult } from '@gleaner/content';
import { type Bytes32, GleanerError, toGleanerError, ZERO_ADDRESS } from '@gleaner/primitives';
import { contentIdOf, decodeMultiaddr, executionLimits, MAX_INPUT_BYTES, type ReadReceipt, taskContent } from '@gleaner/protocol';
import { failureOf, type Job, MAX_MODULE_BYTES, type Outcome, taskJob } from '@gleaner/sandbox';
import { withRunner } from '../program/withRunner.ts';
import { withScratch } from '../withScratch.ts';

/** What came of running the task again here. */
export type Rerun =
  | { readonly verdict: 'same' | 'different'; readonly digest: Bytes32; readonly message: string }
  /** The task has no result to compare with. */
  | { readonly verdict: 'nothing-to-compare'; readonly message: string }
  | { readonly verdict: 'impossible'; readonly code: string; readonly message: string };

export interface RerunOptions {
  readonly gatewayUrl: string;
  readonly signal: AbortSignal;
}

/**
 * Fetches program and inputs by content id, runs the task in the sandbox as its workers did, and compares the digest.
 * @throws {GleanerError} aborted
 */
export async function rerunTask(receipt: ReadReceipt, options: RerunOptions): Promise<Rerun> {
  const { result } = receipt;
  if (result === undefined) return { verdict: 'nothing-to-compare', message: 'The task failed, so there is no result to compare with' };
  return await withScratch('rerun', async (folder): Promise<Rerun> => {
    try {
      return compare(await compute(receipt, folder, options), result.digest);
    } catch (error) {
      if (options.signal.aborted) throw error;
      const { code, message } = toGleanerError(error);
      return { verdict: 'impossible', code, message };
    }
  });
}

function compare(digest: Bytes32, agreed: Bytes32): Rerun {
  if (digest === agreed) return { verdict: 'same', digest, message: 'Running the program here gives the same digest' };
  return { verdict: 'different', digest, message: `Running the program here gives ${digest}, not ${agreed}` };
}

async function compute(receipt: ReadReceipt, folder: string, { gatewayUrl, signal }: RerunOptions): Promise<Bytes32> {
  const { orders, terms, program } = receipt;
  const { params } = orders.request;
  const content = taskContent({ multiaddr: decodeMultiaddr(program.multiaddr), params });
  const module = await fetchChecked(content.program, { gatewayUrl, maxBytes: MAX_MODULE_BYTES, signal });
  const inputs: string[] = [];
  for (const [at, { location }] of content.inputs.entries()) {
    // of a plain URL nobody can tell whether it still holds what the workers read
    const cid = contentIdOf(location, 'input-unreachable');
    const path = join(folder, `input-${at}`);
    await writeFile(path, await fetchChecked(cid, { gatewayUrl, maxBytes: MAX_INPUT_BYTES, signal }));
    inputs.push(path);
  }
  const outputDir = join(folder, 'out');
  await mkdir(outputDir);
  const facts = { taskId: receipt.taskId, dealId: receipt.dealId, index: receipt.index, botFirst: terms.botFirst, botSize: terms.botSize };
  const task = { ...facts, dataset: orders.dataset.dataset, params, checksum: program.checksum };
  const job = taskJob(task, { program: module, inputs, outputDir }, executionLimits(terms.timeref), { signal });
  const { stdout, stderr } = await runJob(job);
  const callback = orders.request.callback !== ZERO_ADDRESS;
  const { digest } = await packResult({ outputDir, archivePath: join(folder, 'result.zip'), stdout, stderr, callback });
  return digest;
}

async function runJob(job: Job): Promise<Outcome> {
  const outcome = await withRunner((runner) => runner.run(job));
  const failure = failureOf(outcome);
  if (failure === undefined) return outcome;
  throw new GleanerError(failure.code, failure.message);
}

interface FetchOptions extends RerunOptions {
  readonly maxBytes: number;
}

/** What a gateway gives is hashed before it is used. */
async function fetchChecked(cid: string, { gatewayUrl, maxBytes, signal }: FetchOptions): Promise<Uint8Array> {
  const bytes = await fetchContent(gatewayUrl, cid, { maxBytes, signal });
  await assertContent(bytes, cid);
  return bytes;
}
