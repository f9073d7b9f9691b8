import type { Address, Bytes32, DealId, Hex, TaskId, UnixSeconds } from '@gleaner/primitives';
import { GleanerError } from '@gleaner/primitives';
import {
  CHAIN_TASK_STATUSES,
  type ChainTaskStatus,
  CONTRIBUTION_STATUSES,
  type ContributionStatus,
  type Deal,
  type Resource,
} from '@gleaner/protocol';

/** Escrow account in nRLC: free and locked. */
export interface EscrowAccount {
  readonly stake: bigint;
  readonly locked: bigint;
}

/** A task as `viewTask` returns it; all but `status` is zero while it is `unset`. */
export interface ChainTask {
  readonly status: ChainTaskStatus;
  readonly dealId: DealId;
  readonly index: bigint;
  /** Of the category when the task was initialised, in seconds. */
  readonly timeref: bigint;
  readonly contributionDeadline: UnixSeconds;
  readonly revealDeadline: UnixSeconds;
  readonly finalDeadline: UnixSeconds;
  readonly consensusValue: Bytes32;
  readonly revealCounter: bigint;
  readonly winnerCounter: bigint;
  /** In the order of their contributions; those rejected by a reopening stay in. */
  readonly contributors: readonly Address[];
  readonly resultDigest: Bytes32;
  readonly results: Hex;
  readonly resultsCallback: Hex;
}

export interface ChainContribution {
  readonly status: ContributionStatus;
  readonly resultHash: Bytes32;
  readonly resultSeal: Bytes32;
  readonly enclaveChallenge: Address;
  /** log2 of the vote's weight; it splits the reward. */
  readonly weight: bigint;
}

export interface AppInfo {
  readonly owner: Address;
  readonly name: string;
  /** `WASI`, or `DOCKER` as stock clients spell every app. */
  readonly type: string;
  readonly multiaddr: Hex;
  readonly checksum: Bytes32;
  readonly mrenclave: Hex;
}

export interface DatasetInfo {
  readonly owner: Address;
  readonly name: string;
  readonly multiaddr: Hex;
  readonly checksum: Bytes32;
}

export interface WorkerpoolInfo {
  readonly owner: Address;
  readonly description: string;
  /** Percent of the price a worker stakes. */
  readonly workerStakeRatio: bigint;
  /** Percent of the reward the scheduler keeps. */
  readonly schedulerRewardRatio: bigint;
}

interface RawDeal {
  readonly app: Resource;
  readonly dataset: Resource;
  readonly workerpool: Resource;
  readonly trust: bigint;
  readonly category: bigint;
  readonly tag: Hex;
  readonly requester: Address;
  readonly beneficiary: Address;
  readonly callback: Address;
  readonly params: string;
  readonly startTime: bigint;
  readonly botFirst: bigint;
  readonly botSize: bigint;
  readonly workerStake: bigint;
  readonly schedulerRewardRatio: bigint;
  readonly sponsor: Address;
}

interface RawTask {
  readonly status: number;
  readonly dealid: Hex;
  readonly idx: bigint;
  readonly timeref: bigint;
  readonly contributionDeadline: bigint;
  readonly revealDeadline: bigint;
  readonly finalDeadline: bigint;
  readonly consensusValue: Hex;
  readonly revealCounter: bigint;
  readonly winnerCounter: bigint;
  readonly contributors: readonly Address[];
  readonly resultDigest: Hex;
  readonly results: Hex;
  readonly resultsCallback: Hex;
}

interface RawContribution {
  readonly status: number;
  readonly resultHash: Hex;
  readonly resultSeal: Hex;
  readonly enclaveChallenge: Address;
  readonly weight: bigint;
}

/** A deal that exists has begun; the hub answers zeroes for any other id. */
export function toDeal(raw: RawDeal): Deal | undefined {
  if (raw.startTime === 0n) return undefined;
  return { ...raw, tag: raw.tag as Bytes32, startTime: raw.startTime as UnixSeconds };
}

export function toChainTask(raw: RawTask): ChainTask {
  return {
    status: statusAt(CHAIN_TASK_STATUSES, raw.status),
    dealId: raw.dealid as DealId,
    index: raw.idx,
    timeref: raw.timeref,
    contributionDeadline: raw.contributionDeadline as UnixSeconds,
    revealDeadline: raw.revealDeadline as UnixSeconds,
    finalDeadline: raw.finalDeadline as UnixSeconds,
    consensusValue: raw.consensusValue as Bytes32,
    revealCounter: raw.revealCounter,
    winnerCounter: raw.winnerCounter,
    contributors: raw.contributors,
    resultDigest: raw.resultDigest as Bytes32,
    results: raw.results,
    resultsCallback: raw.resultsCallback,
  };
}

export function toChainContribution(raw: RawContribution): ChainContribution {
  return {
    status: statusAt(CONTRIBUTION_STATUSES, raw.status),
    resultHash: raw.resultHash as Bytes32,
    resultSeal: raw.resultSeal as Bytes32,
    enclaveChallenge: raw.enclaveChallenge,
    weight: raw.weight,
  };
}

function statusAt<T>(statuses: readonly T[], index: number): T {
  const status = statuses[index];
  if (status === undefined) throw new GleanerError('internal-error', `The hub answered the unknown status ${index}`);
  return status;
}

/** One worker's contribution to one task. */
export interface ContributionKey {
  readonly taskId: TaskId;
  readonly worker: Address;
}
