import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { computeCid, packResult, type ResultDigest } from '@gleaner/content';
import { type DealId, type OrderHash, toGleanerError, ZERO_ADDRESS } from '@gleaner/primitives';
import { dealId, formatParams, joinArgs, taskId } from '@gleaner/protocol';
import { failureOf, type Limits, type Outcome, type Runner, taskJob } from '@gleaner/sandbox';
import { sha256, stringToHex } from 'viem';
import { withScratch } from '../withScratch.ts';

/** A run that is tried out: what a deal would fix, without a deal. */
export interface TryTerms {
  readonly program: Uint8Array;
  /** Request params as they would be signed. */
  readonly params: string;
  readonly inputs: readonly string[];
  readonly dealId: DealId;
  readonly tasks: number;
}

/** One execution, in the words of a worker's report. */
export interface TryResult {
  readonly index: number;
  readonly status: 'COMPLETED' | 'FAILED';
  readonly exitCode?: number;
  readonly reason?: { readonly code: string; readonly message: string };
  readonly fuelUsed?: bigint;
  readonly memoryPeakBytes?: number;
  readonly wallMs?: number;
  readonly result?: ResultDigest;
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[];
  readonly stdout: string;
  readonly stderr: string;
  readonly resultPath: string;
}

/** Terms for a program with these arguments and files. The ids follow from them, so the same try gives the same result. */
export async function tryTerms(
  program: Uint8Array,
  {
    args,
    inputs,
    tasks,
  }: { readonly args: readonly string[]; readonly inputs: readonly { path: string; bytes: Uint8Array }[]; readonly tasks: number },
): Promise<TryTerms> {
  const locations: string[] = [];
  for (const { bytes } of inputs) locations.push(`ipfs://${await computeCid(bytes)}`);
  const params = formatParams({
    ...(args.length > 0 ? { iexec_args: joinArgs(args) } : {}),
    ...(locations.length > 0 ? { iexec_input_files: locations } : {}),
  });
  const request = sha256(stringToHex(JSON.stringify([sha256(program), params, tasks]))) as OrderHash;
  return { program, params, inputs: inputs.map(({ path }) => resolve(path)), dealId: dealId(request, 0n), tasks };
}

/** Runs one task as a worker does: same arguments, environment, limits, metering, packing and digest. `folder` must be new or empty. */
export async function tryTask(
  runner: Runner,
  terms: TryTerms,
  options: { readonly index: number; readonly folder: string; readonly limits: Limits; readonly signal: AbortSignal },
): Promise<TryResult> {
  const { index, folder, limits, signal } = options;
  const { program, params, inputs, tasks } = terms;
  await mkdir(folder, { recursive: true });
  const task = taskId(terms.dealId, BigInt(index));
  const facts = { taskId: task, dealId: terms.dealId, index: BigInt(index), botFirst: 0n, botSize: BigInt(tasks), dataset: ZERO_ADDRESS };
  const job = taskJob({ ...facts, params, checksum: sha256(program) }, { program, inputs, outputDir: folder }, limits, { signal });
  const outcome = await runner.run(job);
  const ran = { index, ...factsOf(outcome), resultPath: folder };
  const failure = failureOf(outcome);
  const end = failure ? reasonOf(failure) : await pack(folder, outcome).catch((error: unknown) => reasonOf(toGleanerError(error)));
  await Promise.all(['stdout', 'stderr'].map((name) => writeFile(join(folder, `${name}.txt`), outcome[name as 'stdout' | 'stderr'])));
  const files = await filesIn(folder);
  return 'code' in end ? { ...ran, status: 'FAILED', reason: end, files } : { ...ran, status: 'COMPLETED', result: end, files };
}

type Reason = NonNullable<TryResult['reason']>;

function reasonOf({ code, message }: Reason): Reason {
  return { code, message };
}

async function pack(folder: string, { stdout, stderr }: Outcome): Promise<ResultDigest> {
  return await withScratch('pack', (scratch) =>
    packResult({ outputDir: folder, archivePath: join(scratch, 'result.zip'), stdout, stderr, callback: false }),
  );
}

function factsOf(outcome: Outcome): Pick<TryResult, 'exitCode' | 'fuelUsed' | 'memoryPeakBytes' | 'wallMs' | 'stdout' | 'stderr'> {
  const { stdout, stderr, fuelUsed } = outcome;
  const text = { stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  if (outcome.status === 'failed') return { ...text, ...(fuelUsed === undefined ? {} : { fuelUsed }) };
  const { exitCode, memoryPeakBytes, wallMs } = outcome;
  return { ...text, exitCode, fuelUsed: outcome.fuelUsed, memoryPeakBytes, wallMs };
}

async function filesIn(folder: string): Promise<TryResult['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sized = await Promise.all(files.map(async (path) => ({ path: relative(folder, path), sizeBytes: (await stat(path)).size })));
  return sized.sort((a, b) => (a.path < b.path ? -1 : 1));
}
