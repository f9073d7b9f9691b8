import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReplicateReport } from '@gleaner/api';
import { packResult } from '@gleaner/content';
import { GleanerError, toGleanerError } from '@gleaner/primitives';
import { MAX_INPUT_BYTES, MAX_LOG_CHARS, parseParams, splitArgs, type TaskContent, taskContent } from '@gleaner/protocol';
import { failureOf, type Job, MAX_MODULE_BYTES, type Outcome, type RunFailure, taskJob } from '@gleaner/sandbox';
import type { WorkerContext } from '../context.ts';
import { mayPass } from '../domain/patience.ts';
import type { Replicate } from '../domain/replicate.ts';
import type { TaskTerms } from '../ports.ts';
import { runInEnclave } from './runInEnclave.ts';

/** Retryable for others, but not by this worker: the location will never name content, and a crash is reported so that another worker tries. */
const ENDS_HERE: ReadonlySet<string> = new Set(['sandbox-crashed', 'input-unreachable']);

/**
 * Fetches, runs and packs one task, and records digest and archive before anything goes to the chain.
 * A program that fails is reported with its reason and ends the replicate; nothing is contributed for it.
 */
export async function computeReplicate(context: WorkerContext, replicate: Replicate, signal: AbortSignal): Promise<void> {
  const { taskId } = replicate;
  const release = context.permits.get(taskId) ?? (await context.slots.acquire());
  context.permits.delete(taskId);
  try {
    await run(context, replicate, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const failure = toGleanerError(error);
    if (mayPass(failure.code) || (failure.retryable && !ENDS_HERE.has(failure.code))) throw failure;
    context.log.warn({ taskId, code: failure.code, message: failure.message }, 'replicate.failed');
    await context.scheduler.report(taskId, failureReport(context, failure), signal);
    await context.drop(taskId);
  } finally {
    release();
  }
}

async function run(context: WorkerContext, replicate: Replicate, signal: AbortSignal): Promise<void> {
  const { scheduler, clock, files, log } = context;
  const { taskId, assignment } = replicate;
  // Progress is told in passing: the run does not wait for the scheduler, only an order to stop counts.
  const tell = (report: Omit<ReplicateReport, 'atMs'>) =>
    scheduler
      .report(taskId, { ...report, atMs: clock.nowMs() }, signal)
      .then(async ({ action }) => {
        if (action === 'abort' && !signal.aborted) await context.drop(taskId);
        return true;
      })
      .catch((error) => {
        log.debug({ taskId, message: toGleanerError(error).message }, 'report.failed');
        return false;
      });
  void tell({ status: 'downloading' });
  const terms = await context.chain.readTerms(assignment.dealId, signal);
  if (terms.enclave) return await computeInEnclave(context, replicate, terms, tell, signal);
  const outputDir = join(files.folder(taskId), 'out');
  await rm(outputDir, { recursive: true, force: true });
  await mkdir(outputDir, { recursive: true, mode: 0o700 });
  const job = await prepareJob(context, replicate, terms, outputDir, signal);
  void tell({ status: 'computing' });
  const outcome = await context.runner.run(job);
  log.info({ taskId, status: outcome.status, fuelUsed: outcome.fuelUsed?.toString() }, 'replicate.ran');
  const failure = failureOf(outcome);
  if (failure !== undefined) return await reportFailure(context, replicate, { outcome, failure }, signal);
  const archivePath = join(files.folder(taskId), 'result.zip');
  const { digest } = await packResult({
    outputDir,
    archivePath,
    stdout: outcome.stdout,
    stderr: outcome.stderr,
    callback: terms.callback,
  });
  const logs = logsOf(outcome);
  await context.update(taskId, { computed: { digest, archivePath }, untoldLogs: logs });
  void tell({ status: 'computed', exitCode: 0, fuelUsed: outcome.fuelUsed, logs }).then((heard) =>
    heard ? context.update(taskId, { untoldLogs: undefined }) : undefined,
  );
}

type Tell = (report: Omit<ReplicateReport, 'atMs'>) => Promise<boolean>;

/** The same for a task that its deal lets run inside an enclave only. What comes out is recorded as it is, sealed. */
async function computeInEnclave(
  context: WorkerContext,
  replicate: Replicate,
  terms: TaskTerms,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { taskId } = replicate;
  const needed = taskContent({ multiaddr: terms.app.multiaddr, params: terms.params });
  // an enclave says no more of a failure than its code; what everybody can read on chain is looked at before
  splitArgs(parseParams(terms.params).iexec_args ?? '');
  const files = await fetchFiles(context, replicate, { terms, needed }, signal);
  void tell({ status: 'computing' });
  const run = await runInEnclave(
    context,
    replicate,
    terms,
    { program: { path: files.program, contentId: needed.program }, inputs: files.inputs },
    signal,
  );
  const simulated = context.enclaves?.backend.hardware !== true;
  context.log.info({ taskId, status: run.status, simulated }, 'replicate.ran-in-enclave');
  if (run.status === 'failed') {
    await context.scheduler.report(taskId, { status: 'failed', atMs: context.clock.nowMs(), ...run.report }, signal);
    return await context.drop(taskId);
  }
  await context.update(taskId, { sealed: run.sealed });
  context.log.info({ taskId, enclave: run.sealed.address, simulated }, 'enclave.sealed');
}

async function fetchFiles(
  { content, files }: WorkerContext,
  { taskId }: Replicate,
  { terms, needed }: { readonly terms: TaskTerms; readonly needed: TaskContent },
  signal: AbortSignal,
): Promise<{ readonly program: string; readonly inputs: readonly string[] }> {
  const program = await content.fetch(needed.program, { maxBytes: MAX_MODULE_BYTES, signal });
  await assertChecksum(program, terms);
  const inputs: string[] = [];
  for (const [position, { location, cid }] of needed.inputs.entries()) {
    const path = join(files.folder(taskId), `input-${position}`);
    if (cid === undefined) await content.download(location, { path, maxBytes: MAX_INPUT_BYTES, signal });
    inputs.push(cid === undefined ? path : await content.fetch(cid, { maxBytes: MAX_INPUT_BYTES, signal }));
  }
  return { program, inputs };
}

async function prepareJob(
  context: WorkerContext,
  replicate: Replicate,
  terms: TaskTerms,
  outputDir: string,
  signal: AbortSignal,
): Promise<Job> {
  const { taskId, assignment } = replicate;
  assertNoBulk(terms);
  const needed = taskContent({ multiaddr: terms.app.multiaddr, params: terms.params });
  const { program, inputs } = await fetchFiles(context, replicate, { terms, needed }, signal);
  const { dealId, index, limits } = assignment;
  const { dataset, params, botFirst, botSize } = terms;
  return taskJob(
    { taskId, dealId, index: BigInt(index), botFirst, botSize, dataset, params, checksum: terms.app.checksum },
    { program: { path: program }, inputs, outputDir },
    limits,
    { signal },
  );
}

/** Keys of data sets go to enclaves alone. */
function assertNoBulk({ params }: TaskTerms): void {
  const { bulk_cid: bulk } = parseParams(params);
  if (bulk === undefined) return;
  throw new GleanerError('order-invalid', `bulk_cid ${bulk} needs an enclave; set tag bit 0 in the request`, {
    details: { field: 'params.bulk_cid' },
  });
}

async function assertChecksum(path: string, { app }: TaskTerms): Promise<void> {
  const actual = `0x${sha256(await readFile(path))}`;
  if (actual === app.checksum.toLowerCase()) return;
  throw new GleanerError(
    'program-checksum-mismatch',
    `App ${app.address} is registered with checksum ${app.checksum}, but ${app.multiaddr} holds ${actual}`,
    {
      details: { app: app.address, expected: app.checksum, actual },
    },
  );
}

async function reportFailure(
  context: WorkerContext,
  { taskId }: Replicate,
  { outcome, failure }: { readonly outcome: Outcome; readonly failure: RunFailure },
  signal: AbortSignal,
): Promise<void> {
  if (failure.code === 'aborted') throw new GleanerError('aborted', 'The run was cancelled');
  context.log.info({ taskId, ...failure }, 'replicate.program-failed');
  await context.scheduler.report(
    taskId,
    {
      status: 'failed',
      atMs: context.clock.nowMs(),
      failure,
      logs: logsOf(outcome),
      ...(outcome.status === 'exited' ? { exitCode: outcome.exitCode } : {}),
    },
    signal,
  );
  await context.drop(taskId);
}

function failureReport(context: WorkerContext, failure: GleanerError): ReplicateReport {
  const deterministic = failure.culprit === 'app' || failure.culprit === 'requester';
  return {
    status: 'failed',
    atMs: context.clock.nowMs(),
    failure: { code: failure.code, message: failure.message, deterministic },
  };
}

function logsOf({ stdout, stderr }: Outcome): { stdout: string; stderr: string } {
  const tail = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(Math.max(0, bytes.length - MAX_LOG_CHARS)));
  return { stdout: tail(stdout), stderr: tail(stderr) };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
