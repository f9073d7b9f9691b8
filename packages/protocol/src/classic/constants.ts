import type { Address } from '@gleaner/primitives';

/** Multiples of the category's T, counted from the deal's start. */
export const CONTRIBUTION_DEADLINE_RATIO = 7n;
/** Multiple of T, counted from the consensus. */
export const REVEAL_DEADLINE_RATIO = 2n;
export const FINAL_DEADLINE_RATIO = 10n;
/** Percent of the workerpool price that the pool owner locks for a task. */
export const WORKERPOOL_STAKE_RATIO = 30n;
/** Percent of the kitty paid to the scheduler of a finished task. */
export const KITTY_RATIO = 10n;
/** 1 RLC in nRLC: the least that is taken from the kitty, while it holds that much. */
export const KITTY_MIN = 1_000_000_000n;
export const KITTY_ADDRESS: Address = '0x99c2268479b93fDe36232351229815DF80837e23';
/** ERC-734 purpose of group members. */
export const GROUPMEMBER_PURPOSE = 4n;
export const DEFAULT_CALLBACK_GAS = 200_000n;
/** k: three wins make one unit of credibility. */
export const SCORE_DIVISOR = 3n;
export const HUB_NAME = 'Staked RLC';
export const HUB_SYMBOL = 'SRLC';
export const HUB_DECIMALS = 9;
/** Policy of a new workerpool: percent of the price. */
export const DEFAULT_WORKER_STAKE_RATIO = 30n;
/** Percent of the task's reward that the scheduler keeps. */
export const DEFAULT_SCHEDULER_REWARD_RATIO = 1n;

/** Values of the ABI enums, by index. */
export const CHAIN_TASK_STATUSES = ['unset', 'active', 'revealing', 'completed', 'failed'] as const;
export type ChainTaskStatus = (typeof CHAIN_TASK_STATUSES)[number];
export const CONTRIBUTION_STATUSES = ['unset', 'contributed', 'proved', 'rejected'] as const;
export type ContributionStatus = (typeof CONTRIBUTION_STATUSES)[number];
