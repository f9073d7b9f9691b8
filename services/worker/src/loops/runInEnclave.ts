import { join } from 'node:path';
import type { ReplicateReport } from '@gleaner/api';
import { allowsDevelopmentEnclave } from '@gleaner/attestation';
import type { Enclave, EnclaveAnswer } from '@gleaner/enclave';
import { GleanerError, isReasonCode, type TaskId } from '@gleaner/primitives';
import { contentIdOf, MAX_INPUT_BYTES } from '@gleaner/protocol';
import type { EnclaveParts, WorkerContext } from '../context.ts';
import type { Replicate, SealedAnswer } from '../domain/replicate.ts';
import type { TaskTerms } from '../ports.ts';
import { fetchBulk } from './fetchBulk.ts';

/** Files of a task on this machine, each verified against its content id. */
export interface TaskFiles {
  readonly program: { readonly path: string; readonly contentId: string };
  readonly inputs: readonly string[];
}

export type EnclaveRun =
  | { readonly status: 'failed'; readonly report: Omit<ReplicateReport, 'atMs' | 'status'> }
  | { readonly status: 'sealed'; readonly sealed: SealedAnswer };

/**
 * The way of a task through an enclave: start, evidence, session, authorisation, run. The enclave's keys end with it, so a worker that was
 * killed on the way begins again with another enclave, which takes its place; what it leaves is sealed, see docs/confidential-tasks.md.
 */
export async function runInEnclave(
  context: WorkerContext,
  replicate: Replicate,
  terms: TaskTerms,
  files: TaskFiles,
  signal: AbortSignal,
): Promise<EnclaveRun> {
  const { taskId, assignment } = replicate;
  const parts = assertServed(context, terms);
  await untilActive(context, taskId, signal);
  // All that may fail for a while comes before the secrets: they are released to a few enclaves of this worker only.
  const dataset = await fetchDataset(context, terms, signal);
  const bulk = await fetchBulk(context, terms, BigInt(assignment.index), signal);
  const nonce = await parts.secrets.challenge(taskId, signal);
  const enclave = await parts.backend.start(
    {
      chainId: parts.chainId,
      hubAddress: parts.hubAddress,
      dealId: assignment.dealId,
      taskId,
      worker: context.chain.worker,
      nonce,
      program: { ...files.program, checksum: terms.app.checksum as never },
    },
    { folder: join(context.files.folder(taskId), 'enclave'), signal },
  );
  const { log } = context;
  const of = { taskId, enclave: enclave.address, simulated: !parts.backend.hardware };
  log.info(of, 'enclave.attested');
  try {
    const session = await openSession(context, parts, replicate, { enclave, nonce, signal });
    log.info(of, 'enclave.authorised');
    const archivePath = join(context.files.folder(taskId), 'result.sealed');
    const answer = await enclave.run(
      {
        sealed: session.sealed,
        terms: {
          index: `${assignment.index}`,
          botFirst: `${terms.botFirst}`,
          botSize: `${terms.botSize}`,
          dataset: terms.dataset,
          params: terms.params,
          callback: terms.callback,
        },
        files: { ...(dataset === undefined ? {} : { dataset }), inputs: [...files.inputs], ...(bulk && { bulk }) },
        limits: { ...assignment.limits, fuel: `${assignment.limits.fuel}` },
        archivePath,
      },
      signal,
    );
    const settlesAlone = terms.trust === 1n;
    return toRun(answer, { address: enclave.address, authorization: session.authorization, sealedArchivePath: archivePath, settlesAlone });
  } finally {
    await enclave.close();
  }
}

/** Work is handed out while the task is still being initialised; secrets are released once it is active. */
async function untilActive({ watcher }: WorkerContext, taskId: TaskId, signal: AbortSignal): Promise<void> {
  let { task } = await watcher.read(taskId, signal);
  while (task.status === 'unset') ({ task } = await watcher.next(taskId, signal));
}

/** @throws {GleanerError} enclave-not-allowed */
function assertServed({ enclaves }: WorkerContext, { tag }: TaskTerms): EnclaveParts {
  if (enclaves === undefined) throw new GleanerError('enclave-not-allowed', 'This worker runs no enclaves');
  if (allowsDevelopmentEnclave(tag)) return enclaves;
  throw new GleanerError('enclave-not-allowed', `A development enclave does not serve the tag ${tag}`, { details: { tag } });
}

interface Opening {
  readonly enclave: Enclave;
  readonly nonce: Parameters<EnclaveParts['secrets']['openSession']>[0]['nonce'];
  readonly signal: AbortSignal;
}

/** Secrets for the enclave, and the pool's authorisation to contribute with it. */
async function openSession(
  { scheduler }: WorkerContext,
  { secrets }: EnclaveParts,
  { taskId, assignment }: Replicate,
  { enclave, nonce, signal }: Opening,
) {
  const session = { taskId, nonce, evidence: enclave.evidence, invitation: assignment.authorization };
  const { enclave: approved, approval, sealed } = await secrets.openSession(session, signal);
  if (approved.toLowerCase() !== enclave.address.toLowerCase())
    throw new GleanerError('evidence-mismatch', `The secret service approved ${approved}, the enclave is ${enclave.address}`);
  return { sealed, authorization: await scheduler.authorizeEnclave(taskId, { enclave: enclave.address, approval }, signal) };
}

async function fetchDataset({ content }: WorkerContext, terms: TaskTerms, signal: AbortSignal): Promise<string | undefined> {
  if (terms.datasetMultiaddr === undefined) return undefined;
  return await content.fetch(contentIdOf(terms.datasetMultiaddr, 'input-unreachable'), { maxBytes: MAX_INPUT_BYTES, signal });
}

function toRun(answer: EnclaveAnswer, made: Omit<SealedAnswer, 'answer'>): EnclaveRun {
  if (answer.type === 'sealed') return { status: 'sealed', sealed: { ...made, answer: answer.answer } };
  const { code, ...rest } = answer.failure;
  const failure = { code: isReasonCode(code) ? code : ('sandbox-crashed' as const), ...rest };
  return { status: 'failed', report: { failure, ...(answer.logs && { logs: answer.logs }) } };
}
