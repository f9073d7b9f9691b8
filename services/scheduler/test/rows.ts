import { type Address, type DealId, type OrderHash, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import type { DealRow, registerWorker } from '@gleaner/store';

export const WORKERPOOL: Address = `0x${'a1'.repeat(20)}`;
export const WORKER: Address = `0x${'b2'.repeat(20)}`;

/** The worker as it registers. */
export function aWorker(fields: Partial<NewWorker> = {}): NewWorker {
  return { wallet: WORKER, workerpool: WORKERPOOL, name: 'w', os: 'x', cpuCount: 1, memoryBytes: 1n, kinds: [], slots: 1, ...fields };
}

type NewWorker = Parameters<typeof registerWorker>[1];

/** A deal of the pool with two tasks. */
export function aDeal(): DealRow {
  const parties = {
    app: WORKERPOOL,
    appOwner: WORKER,
    dataset: ZERO_ADDRESS,
    datasetOwner: ZERO_ADDRESS,
    workerpool: WORKERPOOL,
    workerpoolOwner: WORKER,
  };
  const hash = ZERO_BYTES32 as unknown as OrderHash;
  return {
    ...parties,
    dealId: `0x${'d1'.repeat(32)}` as DealId,
    blockNumber: 1n,
    logIndex: 0,
    blockTimestamp: 1_000n,
    transactionHash: ZERO_BYTES32,
    appPrice: 0n,
    datasetPrice: 0n,
    workerpoolPrice: 1n,
    trust: 5n,
    category: 0n,
    tag: ZERO_BYTES32,
    requester: WORKER,
    beneficiary: WORKER,
    callback: ZERO_ADDRESS,
    params: '{}',
    startTime: 1_000n,
    botFirst: 0n,
    botSize: 2n,
    workerStake: 0n,
    schedulerRewardRatio: 1n,
    sponsor: WORKER,
    appHash: hash,
    datasetHash: hash,
    workerpoolHash: hash,
    requestHash: hash,
  };
}
