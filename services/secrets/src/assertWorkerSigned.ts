import { type Address, type Bytes32, GleanerError, type Hex, ZERO_ADDRESS } from '@gleaner/primitives';
import { personalSignDigest } from '@gleaner/protocol';
import type { ChainFacts } from './ports.ts';
import { isSigned } from './setSecret.ts';

interface SignedByWorker {
  readonly worker: Address;
  /** What the worker signs, personal_sign. */
  readonly hash: Bytes32;
  readonly workerSignature: Hex;
}

/** @throws {GleanerError} unauthorized unless the worker, a key or a contract, signed the hash */
export async function assertWorkerSigned(facts: ChainFacts, { worker, hash, workerSignature: signature }: SignedByWorker): Promise<void> {
  // the hub takes any malformed signature for one of the zero address
  if (worker !== ZERO_ADDRESS && (await isSigned(facts, { signer: worker, digest: personalSignDigest(hash), signature }))) return;
  throw new GleanerError('unauthorized', `The request is not signed by ${worker}`, { details: { worker } });
}
