import type { Address, Bytes32, DealId, Hex, OrderHash, TaskId } from '@gleaner/primitives';
import { encodePacked, hashMessage, keccak256 } from 'viem';

/** keccak256(request order hash ‖ units of that order consumed before this match). */
export function dealId(requestHash: OrderHash, consumedBefore: bigint): DealId {
  return keccak256(encodePacked(['bytes32', 'uint256'], [requestHash, consumedBefore])) as DealId;
}

/** keccak256(deal id ‖ index). The index counts from the request order's first unit, not from the deal's. */
export function taskId(deal: DealId, index: bigint): TaskId {
  return keccak256(encodePacked(['bytes32', 'uint256'], [deal, index])) as TaskId;
}

/** Commitment shared by all who found the digest: keccak256(task ‖ digest). */
export function resultHash(task: TaskId, digest: Bytes32): Bytes32 {
  return keccak256(encodePacked(['bytes32', 'bytes32'], [task, digest])) as Bytes32;
}

/** Commitment of one worker: keccak256(worker ‖ task ‖ digest). */
export function resultSeal(worker: Address, task: TaskId, digest: Bytes32): Bytes32 {
  return keccak256(encodePacked(['address', 'bytes32', 'bytes32'], [worker, task, digest])) as Bytes32;
}

/** Message of the scheduler's authorisation: keccak256(worker ‖ task ‖ enclave challenge). It is signed as `personal_sign` of its 32 bytes. */
export function authorizationHash(worker: Address, task: TaskId, enclaveChallenge: Address): Bytes32 {
  return keccak256(encodePacked(['address', 'bytes32', 'address'], [worker, task, enclaveChallenge])) as Bytes32;
}

/** Message of the enclave's signature: keccak256(result hash ‖ result seal), signed as `personal_sign`. */
export function enclaveHash(hash: Bytes32, seal: Bytes32): Bytes32 {
  return keccak256(encodePacked(['bytes32', 'bytes32'], [hash, seal])) as Bytes32;
}

/** Digest that `personal_sign` signs for a 32-byte message. */
export function personalSignDigest(message: Hex): Bytes32 {
  return hashMessage({ raw: message }) as Bytes32;
}
