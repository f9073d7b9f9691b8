import type { Address, Bytes32, DealId, Hex, OrderHash, TaskId } from '@gleaner/primitives';
import { ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import type { DealRow, NewOrder, NewPoolTask, TaskRow } from '../src/index.ts';

let counter = 0;

/** 32 bytes nobody else uses in this process. */
export const unique32 = <T extends Hex = Bytes32>(): T => `0x${(++counter).toString(16).padStart(64, '0')}` as T;
export const uniqueAddress = (): Address => `0x${(++counter).toString(16).padStart(40, 'a')}`;

const NOW = new Date('2026-01-02T03:04:05.678Z');

export const anOrder = (fields: Partial<NewOrder> = {}): NewOrder => ({
  orderHash: unique32<OrderHash>(),
  kind: 'app',
  signedOrder: { app: 'x' },
  signer: uniqueAddress(),
  remaining: 10n,
  publishedAt: NOW,
  volume: 10n,
  price: 100n,
  tag: ZERO_BYTES32,
  appRestrict: ZERO_ADDRESS,
  datasetRestrict: ZERO_ADDRESS,
  workerpoolRestrict: ZERO_ADDRESS,
  requesterRestrict: ZERO_ADDRESS,
  ...fields,
});

export const aPoolTask = (fields: Partial<NewPoolTask> = {}): NewPoolTask => ({
  taskId: unique32<TaskId>(),
  dealId: unique32<DealId>(),
  index: 0n,
  workerpool: uniqueAddress(),
  trust: 5n,
  category: 0n,
  timeref: 300n,
  contributionDeadline: 2100n,
  finalDeadline: 3000n,
  ...fields,
});

export const aDeal = (fields: Partial<DealRow> = {}): DealRow => ({
  dealId: unique32<DealId>(),
  blockNumber: 1n,
  logIndex: 0,
  blockTimestamp: 1000n,
  transactionHash: unique32(),
  app: uniqueAddress(),
  appOwner: uniqueAddress(),
  appPrice: 1n,
  dataset: ZERO_ADDRESS,
  datasetOwner: ZERO_ADDRESS,
  datasetPrice: 0n,
  workerpool: uniqueAddress(),
  workerpoolOwner: uniqueAddress(),
  workerpoolPrice: 2n ** 200n,
  trust: 5n,
  category: 0n,
  tag: ZERO_BYTES32,
  requester: uniqueAddress(),
  beneficiary: uniqueAddress(),
  callback: ZERO_ADDRESS,
  params: '{}',
  startTime: 1000n,
  botFirst: 0n,
  botSize: 2n,
  workerStake: 3n,
  schedulerRewardRatio: 1n,
  sponsor: uniqueAddress(),
  appHash: unique32<OrderHash>(),
  datasetHash: unique32<OrderHash>(),
  workerpoolHash: unique32<OrderHash>(),
  requestHash: unique32<OrderHash>(),
  ...fields,
});

export const aTask = (fields: Partial<TaskRow> = {}): TaskRow => ({
  taskId: unique32<TaskId>(),
  dealId: unique32<DealId>(),
  index: 0n,
  status: 'ACTIVE',
  timeref: 300n,
  contributionDeadline: 3100n,
  revealDeadline: 0n,
  finalDeadline: 4000n,
  consensusValue: null,
  winnerCounter: 0,
  revealCounter: 0,
  reopenings: 0,
  resultDigest: null,
  results: null,
  initializedAt: 1001n,
  consensusAt: null,
  endedAt: null,
  updatedBlock: 2n,
  ...fields,
});
