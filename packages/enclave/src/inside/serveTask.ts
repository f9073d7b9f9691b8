import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodeDevelopmentRoot, measurementOf, type ReportSubject, reportData, signDevEvidence } from '@gleaner/attestation';
import { cidVersionOf, computeCid } from '@gleaner/content';
import { type Bytes32, GleanerError, type Hex } from '@gleaner/primitives';
import { isDevelopmentChain } from '@gleaner/protocol';
import { readMessages, writeMessage } from '../messageStream.ts';
import { type AttestMessage, hostMessage } from '../messages.ts';
import { createEnclaveKeys } from './enclaveKeys.ts';
import { runTask, type TaskOfEnclave } from './runTask.ts';

export interface EnclaveOptions {
  /** SHA-256 of the code of this process. */
  readonly code: Bytes32;
  /** Where the development root lies; it stands in for a platform that signs. */
  readonly rootPath: string;
  readonly scratch: string;
}

/** The whole life of an enclave: attests once, runs once, and ends with its host. */
export async function serveTask({ code, rootPath, scratch }: EnclaveOptions): Promise<void> {
  let task: TaskOfEnclave | undefined;
  for await (const message of readMessages(process.stdin, hostMessage)) {
    if (message.type === 'attest') {
      if (task !== undefined) throw new GleanerError('bad-request', 'An enclave attests once');
      const attested = await attest(message, code, rootPath, scratch);
      task = attested.task;
      await writeMessage(process.stdout, { type: 'evidence', evidence: attested.evidence, enclave: task.keys.address });
    } else {
      if (task === undefined) throw new GleanerError('bad-request', 'An enclave attests before it runs');
      await writeMessage(process.stdout, await runTask(task, message));
      return;
    }
  }
}

async function attest(
  message: AttestMessage,
  code: Bytes32,
  rootPath: string,
  scratch: string,
): Promise<{ task: TaskOfEnclave; evidence: string }> {
  const { program, type: _, ...subject } = message;
  if (!isDevelopmentChain(subject.chainId))
    throw new GleanerError('enclave-not-allowed', `A development enclave does not start on chain ${subject.chainId}`);
  await assertProgram(program);
  const keys = await createEnclaveKeys();
  const claims: ReportSubject = {
    ...subject,
    signingKey: keys.signingKey,
    sealingKey: keys.sealingKey,
    measurement: measurementOf({ code, program: program.checksum, contentId: program.contentId }),
  };
  const root = decodeDevelopmentRoot(await readFile(rootPath, 'utf8'));
  const evidence = await signDevEvidence(claims, root, Math.floor(Date.now() / 1000));
  return { task: { start: message, reportData: reportData(claims), keys, scratch }, evidence };
}

/** What is measured is what is there. The sandbox compares the digest again with what it runs. */
async function assertProgram({ path, checksum, contentId }: AttestMessage['program']): Promise<void> {
  const bytes = await readFile(path);
  const actual: Hex = `0x${createHash('sha256').update(bytes).digest('hex')}`;
  const cid = await computeCid(bytes, { cidVersion: cidVersionOf(contentId) });
  if (actual === checksum.toLowerCase() && cid === contentId) return;
  throw new GleanerError('program-checksum-mismatch', 'The program handed over is not the one that is named', {
    details: { expected: checksum, actual },
  });
}
