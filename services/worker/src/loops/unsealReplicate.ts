import { join } from 'node:path';
import { openResult } from '@gleaner/enclave';
import { GleanerError, invariant, isGleanerError, toGleanerError } from '@gleaner/primitives';
import type { WorkerContext } from '../context.ts';
import type { Replicate } from '../domain/replicate.ts';

/** What makes a sealed answer worthless: another enclave took the place of the one that left it, or its bytes are not what was written. */
const WORTHLESS: ReadonlySet<string> = new Set(['enclave-already-released', 'data-corrupt', 'data-unreadable']);

/**
 * Opens what an enclave left, and records it as what was computed. The secret service gives the key, and to no other enclave of this worker
 * the secrets of the task from then on. Killed anywhere, it is done again.
 */
export async function unsealReplicate(context: WorkerContext, { taskId, sealed }: Replicate, signal: AbortSignal): Promise<void> {
  const { enclaves, chain, files, log } = context;
  invariant(sealed, 'Only what is sealed is opened', { taskId });
  if (enclaves === undefined) throw new GleanerError('enclave-not-allowed', 'This worker runs no enclaves');
  const { address, sealedArchivePath, answer, authorization, settlesAlone } = sealed;
  try {
    const answerKey = await enclaves.secrets.closeSession({ taskId, enclave: address }, signal);
    const archivePath = join(files.folder(taskId), 'result.zip');
    const subject = { taskId, worker: chain.worker, enclave: address };
    const {
      digest,
      enclaveSign: sign,
      callbackData,
      fuelUsed,
      logs,
    } = await openResult({ ...subject, answer, sealedArchivePath }, answerKey, archivePath);
    const enclave = { address, sign, authorization, settlesAlone, ...(callbackData && { callbackData }) };
    await context.update(taskId, { computed: { digest, archivePath, enclave }, sealed: undefined, ...(logs && { untoldLogs: logs }) });
    log.info({ taskId, enclave: address, simulated: !enclaves.backend.hardware }, 'enclave.answered');
    tellComputed(context, taskId, { ...(fuelUsed && { fuelUsed: BigInt(fuelUsed) }), ...(logs && { logs }) }, signal);
  } catch (error) {
    if (!isGleanerError(error) || !WORTHLESS.has(error.code)) throw error;
    log.warn({ taskId, enclave: address, code: error.code, message: error.message }, 'enclave.answer-lost');
    await context.update(taskId, { sealed: undefined });
  }
}

/** Nobody waits for it; what the program printed is told at the end of the task when the scheduler is away now. */
function tellComputed(
  { scheduler, clock, update, log }: WorkerContext,
  taskId: Replicate['taskId'],
  report: Pick<Parameters<WorkerContext['scheduler']['report']>[1], 'fuelUsed' | 'logs'>,
  signal: AbortSignal,
): void {
  scheduler
    .report(taskId, { status: 'computed', exitCode: 0, atMs: clock.nowMs(), ...report }, signal)
    .then(() => update(taskId, { untoldLogs: undefined }))
    .catch((error) => log.debug({ taskId, message: toGleanerError(error).message }, 'report.failed'));
}
