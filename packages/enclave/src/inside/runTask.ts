import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ReleasedSecrets, releasedSecrets } from '@gleaner/api';
import { packResult } from '@gleaner/content';
import { GleanerError, REASONS, type ReasonCode, toGleanerError } from '@gleaner/primitives';
import { MAX_LOG_CHARS, parseParams, resultHash, resultSeal, SIMULATED, taskId } from '@gleaner/protocol';
import { createWasiRunner, failureOf, type Outcome } from '@gleaner/sandbox';
import type { AttestMessage, EnclaveMessage, EnclaveResult, RunMessage } from '../messages.ts';
import { sealAnswer } from '../sealedAnswer.ts';
import { buildJob } from './buildJob.ts';
import type { EnclaveKeys } from './enclaveKeys.ts';
import { encryptResult } from './encryptResult.ts';

/** Stands in computed.json of every result. */
const NOTE = { enclave: { kind: 'dev-insecure', hardware: false, notice: SIMULATED } } as const;

export interface TaskOfEnclave {
  readonly start: AttestMessage;
  readonly reportData: `0x${string}`;
  readonly keys: EnclaveKeys;
  /** Folder of this enclave alone; its host removes it afterwards. */
  readonly scratch: string;
}

/** Opens the secrets, runs the program, packs, encrypts and signs. Every failure is an answer. */
export async function runTask(task: TaskOfEnclave, run: RunMessage): Promise<EnclaveMessage> {
  try {
    const secrets = await openSecrets(task, run);
    assertTerms(task, run, secrets);
    return await compute(task, run, secrets);
  } catch (error) {
    return failed(toGleanerError(error).code, toGleanerError(error).culprit === 'requester' || toGleanerError(error).culprit === 'app');
  }
}

async function openSecrets({ keys, reportData }: TaskOfEnclave, { sealed }: RunMessage): Promise<ReleasedSecrets> {
  const released = releasedSecrets.safeParse(parseJson(await keys.open(sealed, reportData)));
  if (released.success) return released.data;
  throw new GleanerError('evidence-mismatch', 'What was sealed to this enclave is no release of secrets');
}

/**
 * The host tells the terms of the task, and is not believed: the parameters come sealed, and the task id fixes the index.
 * @throws {GleanerError} evidence-mismatch
 */
function assertTerms({ start }: TaskOfEnclave, { terms }: RunMessage, { params }: ReleasedSecrets): void {
  if (terms.params !== params) throw new GleanerError('evidence-mismatch', 'The host gave other parameters than the chain has');
  if (taskId(start.dealId, BigInt(terms.index)) !== start.taskId)
    throw new GleanerError('evidence-mismatch', `The host gave the index ${terms.index}, which is not that of the task`);
}

async function compute(task: TaskOfEnclave, run: RunMessage, secrets: ReleasedSecrets): Promise<EnclaveMessage> {
  const { start, keys, scratch } = task;
  const { terms, archivePath } = run;
  const { beneficiaryKey } = secrets;
  if (parseParams(terms.params).iexec_result_encryption === true && beneficiaryKey === undefined)
    throw new GleanerError('secret-missing', 'The result is to be encrypted, but no key of the beneficiary was released');
  const outputDir = join(scratch, 'out');
  await mkdir(outputDir, { mode: 0o700 });
  const job = await buildJob(start, run, secrets, scratch);
  const outcome = await runOnce(job, scratch);
  const failure = failureOf(outcome);
  const logs = beneficiaryKey === undefined ? { logs: logsOf(outcome) } : {};
  if (failure !== undefined) return { ...failed(failure.code, failure.deterministic), ...logs };
  const { stdout, stderr } = outcome;
  const plainPath = join(scratch, 'result.zip');
  const packed = await packResult({ outputDir, archivePath: plainPath, stdout, stderr, callback: terms.callback, note: NOTE });
  const encryptedPath = join(scratch, 'encrypted.zip');
  if (beneficiaryKey !== undefined) await encryptResult({ archivePath: plainPath, encryptedPath, scratch, beneficiaryKey });
  const { digest } = packed;
  const result: EnclaveResult = {
    digest,
    enclaveSign: await keys.signResult(resultHash(start.taskId, digest), resultSeal(start.worker, start.taskId, digest)),
    ...(terms.callback && packed.rule === 'callback' ? { callbackData: packed.callbackData } : {}),
    encrypted: beneficiaryKey !== undefined,
    ...(outcome.fuelUsed === undefined ? {} : { fuelUsed: `${outcome.fuelUsed}` }),
    ...logs,
  };
  return await sealResult(task, { result, archive: await readFile(result.encrypted ? encryptedPath : plainPath), archivePath, secrets });
}

/** Before the secret service has given its word that no other enclave follows, the host sees nothing of what came out. */
async function sealResult(
  { start, keys }: TaskOfEnclave,
  made: { readonly result: EnclaveResult; readonly archive: Uint8Array; readonly archivePath: string; readonly secrets: ReleasedSecrets },
): Promise<EnclaveMessage> {
  const subject = { taskId: start.taskId, worker: start.worker, enclave: keys.address };
  const { answerKey } = made.secrets;
  await writeFile(made.archivePath, sealAnswer('archive', made.archive, answerKey, subject), { mode: 0o600 });
  const answer = sealAnswer('answer', Buffer.from(JSON.stringify(made.result)), answerKey, subject);
  return { type: 'sealed', answer: answer.toString('base64') };
}

/** Nothing of another run is reused: neither a metered module nor a sandbox. */
async function runOnce(job: Parameters<Awaited<ReturnType<typeof createWasiRunner>>['run']>[0], scratch: string): Promise<Outcome> {
  const runner = await createWasiRunner({ cacheDir: join(scratch, 'sandbox'), maxIdle: 0 });
  try {
    return await runner.run(job);
  } finally {
    await runner.close();
  }
}

/** The host hears a code and its fixed sentence, nothing that a program or a secret could have put into words. */
function failed(code: ReasonCode, deterministic: boolean): Extract<EnclaveMessage, { type: 'failed' }> {
  return { type: 'failed', failure: { code, message: REASONS[code].help, deterministic } };
}

function logsOf({ stdout, stderr }: Outcome): { stdout: string; stderr: string } {
  const tail = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(Math.max(0, bytes.length - MAX_LOG_CHARS)));
  return { stdout: tail(stdout), stderr: tail(stderr) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
