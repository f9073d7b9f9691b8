import { setTimeout as sleep } from 'node:timers/promises';
import { type Bytes32, type GleanerError, type Hex, invariant, isGleanerError, type TaskId, toGleanerError } from '@gleaner/primitives';
import { resultHash, resultSeal } from '@gleaner/protocol';
import type { WorkerContext } from '../context.ts';
import { decideReplicate, mayGiveBack, type ReplicateStep } from '../domain/decideReplicate.ts';
import { PATIENCE, patienceFor, pauseAfter } from '../domain/patience.ts';
import type { EnclaveResult, Replicate } from '../domain/replicate.ts';
import type { Sighting } from '../taskWatcher.ts';
import { computeReplicate } from './computeReplicate.ts';
import { unsealReplicate } from './unsealReplicate.ts';

/**
 * Takes one replicate from its record to its end: read → decide → act → record, again and again.
 * Every step may be repeated after a kill: the chain refuses a second contribution or reveal, and an upload is content-addressed.
 */
export async function driveReplicate(context: WorkerContext, start: Replicate, signal: AbortSignal): Promise<void> {
  const { watcher, open, log } = context;
  const { taskId } = start;
  let spent = 0;
  let failures = 0;
  let giveBack = true;
  let sighting: Sighting | undefined;
  open.set(taskId, start);
  try {
    while (!signal.aborted) {
      try {
        sighting ??= await watcher.read(taskId, signal);
        const replicate = open.get(taskId);
        if (replicate === undefined) return; // dropped
        const step = decideReplicate(replicate, sighting.task, sighting.now);
        if (step.do === 'forget') return await forget(context, replicate, step.because, signal);
        giveBack = mayGiveBack(sighting.task);
        await act(context, replicate, step, signal);
        sighting = step.do === 'wait' ? await watcher.next(taskId, signal) : undefined;
        [failures, spent] = [0, 0];
      } catch (error) {
        if (signal.aborted) return;
        sighting = undefined;
        const failure = toGleanerError(error);
        log.warn({ taskId, code: failure.code, message: failure.message }, 'replicate.step-failed');
        spent += patienceFor(failure.code);
        if (giveBack && spent >= PATIENCE && (await giveUp(context, taskId, failure, signal))) return;
        await sleep(pauseAfter(failures++), undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    open.delete(taskId);
    context.permits.get(taskId)?.();
    context.permits.delete(taskId);
  }
}

/**
 * The scheduler hears of it, so that it does not hand the task out again as one that got lost on the way; and of what the program
 * printed, when it was away at that moment.
 */
async function forget(
  { scheduler, clock, files, log }: WorkerContext,
  { taskId, untoldLogs: logs }: Replicate,
  because: Extract<ReplicateStep, { do: 'forget' }>['because'],
  signal: AbortSignal,
): Promise<void> {
  log.info({ taskId, because }, 'replicate.ended');
  await scheduler
    .report(taskId, { status: because === 'completed' ? 'completed' : 'aborted', atMs: clock.nowMs(), ...(logs && { logs }) }, signal)
    .catch(unlessUnknown);
  await files.remove(taskId);
}

async function act(context: WorkerContext, replicate: Replicate, step: ReplicateStep, signal: AbortSignal): Promise<void> {
  switch (step.do) {
    case 'compute':
      return await computeReplicate(context, replicate, signal);
    case 'unseal':
      return await unsealReplicate(context, replicate, signal);
    case 'contribute':
      return await contribute(context, replicate, step.digest, signal);
    case 'settle':
      return await settle(context, replicate, step.digest, signal);
    case 'reveal':
      return await reveal(context, replicate, step.digest, signal);
    case 'upload':
      return await upload(context, replicate, step.archivePath, signal);
    case 'wait':
    case 'forget':
      return;
  }
}

async function contribute(
  context: WorkerContext,
  { taskId, assignment, computed }: Replicate,
  digest: Bytes32,
  signal: AbortSignal,
): Promise<void> {
  const { chain, log } = context;
  tell(context, taskId, 'contributing', signal);
  await chain.contribute(
    {
      taskId,
      resultHash: resultHash(taskId, digest),
      resultSeal: resultSeal(chain.worker, taskId, digest),
      ...proofOf(computed?.enclave, assignment.authorization),
    },
    signal,
  );
  log.info({ taskId }, 'replicate.contributed');
  tell(context, taskId, 'contributed', signal);
}

/** With an enclave the pool's second authorisation counts; the first, with none, was the invitation. */
function proofOf(enclave: EnclaveResult | undefined, invitation: Hex) {
  if (enclave === undefined) return { authorization: invitation };
  const { address, sign, authorization } = enclave;
  return { authorization, enclave: { address, sign } };
}

/** The archive is there before the task is settled: who sees it COMPLETED can fetch it. */
async function settle(context: WorkerContext, replicate: Replicate, digest: Bytes32, signal: AbortSignal): Promise<void> {
  const { taskId, computed } = replicate;
  const enclave = computed?.enclave;
  invariant(enclave && computed, 'Only the result of an enclave settles alone', { taskId });
  const { address, sign, authorization, callbackData } = enclave;
  const cid =
    replicate.uploadedCid ??
    (await context.content.uploadResult(taskId, computed.archivePath, signal, { enclave: address, authorization }));
  await context.update(taskId, { uploadedCid: cid });
  context.log.info({ taskId, resultCid: cid }, 'replicate.uploaded');
  tell(context, taskId, 'contributing', signal);
  const input = { taskId, digest, cid, authorization, enclave: { address, sign }, ...(callbackData && { callbackData }) };
  await context.chain.contributeAndFinalize(input, signal);
  context.log.info({ taskId, resultCid: cid }, 'replicate.settled');
}

/** Consensus is reached, so the archive may travel while the reveal is mined. */
async function reveal(context: WorkerContext, replicate: Replicate, digest: Bytes32, signal: AbortSignal): Promise<void> {
  const { taskId } = replicate;
  const early = context.scheduler
    .report(taskId, { status: 'revealing', atMs: context.clock.nowMs() }, signal)
    .then(({ action }) =>
      action === 'upload' && replicate.computed ? upload(context, replicate, replicate.computed.archivePath, signal) : undefined,
    )
    .catch((error) => context.log.debug({ taskId, message: toGleanerError(error).message }, 'replicate.early-upload-failed'));
  await context.chain.reveal(taskId, digest, signal);
  context.log.info({ taskId }, 'replicate.revealed');
  await early;
  const { action } = await context.scheduler.report(taskId, { status: 'revealed', atMs: context.clock.nowMs() }, signal);
  if (action === 'upload') await context.update(taskId, { uploadRequested: true });
}

async function upload(context: WorkerContext, { taskId }: Replicate, archivePath: string, signal: AbortSignal): Promise<void> {
  const resultCid = await context.content.uploadResult(taskId, archivePath, signal);
  await context.update(taskId, { uploadedCid: resultCid });
  await context.scheduler.report(taskId, { status: 'uploaded', atMs: context.clock.nowMs(), resultCid }, signal);
  context.log.info({ taskId, resultCid }, 'replicate.uploaded');
}

/** @returns false when the scheduler cannot be told: then the task is kept and tried again, until the chain says that it is late */
async function giveUp(context: WorkerContext, taskId: TaskId, { code, message }: GleanerError, signal: AbortSignal): Promise<boolean> {
  const report = { status: 'failed', atMs: context.clock.nowMs(), failure: { code, message, deterministic: false } } as const;
  try {
    await context.scheduler.report(taskId, report, signal).catch(unlessUnknown);
    await context.drop(taskId);
    return true;
  } catch (error) {
    context.log.warn({ taskId, message: toGleanerError(error).message }, 'replicate.not-given-back');
    return false;
  }
}

/** A scheduler that does not know the task any more, since the chain took back its deal, need not hear of its end. */
function unlessUnknown(error: unknown): void {
  if (!isGleanerError(error) || error.code !== 'task-not-found') throw error;
}

/** A progress report nobody waits for: the chain has the fact already. */
function tell(context: WorkerContext, taskId: TaskId, status: 'contributing' | 'contributed', signal: AbortSignal): void {
  context.scheduler.report(taskId, { status, atMs: context.clock.nowMs() }, signal).catch(() => undefined);
}
