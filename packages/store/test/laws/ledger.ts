import type { Bytes32, OrderHash, TaskId } from '@gleaner/primitives';
import { ZERO_BYTES32 } from '@gleaner/primitives';
import { expect, test } from 'vitest';
import {
  deleteBlocksAbove,
  findChain,
  findDeal,
  insertBlocks,
  insertChain,
  insertConsumed,
  insertEvents,
  insertMoney,
  insertPoolTasks,
  listBlocks,
  listClaimableTasks,
  listConsumption,
  listDeals,
  listDealsToTakeUp,
  listEventsOf,
  listMoneyOfAccount,
  listOverdueDeals,
  listPayouts,
  listSubjectsAbove,
  moveHead,
  putCategories,
  putDeals,
  putTasks,
  type Store,
} from '../../src/index.ts';
import { aDeal, aPoolTask, aTask, unique32, uniqueAddress } from '../values.ts';

export function ledgerLaws(store: () => Store): void {
  test('a deal comes back as it was put, 256-bit amounts and odd characters included', async () => {
    const { db } = store();
    const deal = aDeal({ params: '{"iexec_args":"ä \\u0000 \uD83D\uDE00"}', startTime: 2n ** 256n - 1n });
    await putDeals(db, [deal]);
    await putDeals(db, [deal]);
    expect(await findDeal(db, deal.dealId.toUpperCase().replace('0X', '0x') as typeof deal.dealId)).toEqual(deal);
    const other = aDeal({ params: 'a\0b' });
    await putDeals(db, [other]);
    expect((await findDeal(db, other.dealId))?.params).toBe('a\uFFFDb');
  });

  test('the head moves only from where it is', async () => {
    const { db } = store();
    const [first, second] = [block(0n), block(1n)];
    await insertChain(db, { chainId: 2n ** 70n, genesisHash: first.hash, hubAddress: uniqueAddress(), head: first });
    await insertChain(db, { chainId: 1n, genesisHash: second.hash, hubAddress: uniqueAddress(), head: second });
    expect(await findChain(db)).toMatchObject({ chainId: 2n ** 70n, headNumber: 0n, rewinds: 0n });
    expect(await moveHead(db, { from: second.hash, to: first, rewound: false })).toBeUndefined();
    expect(await moveHead(db, { from: first.hash, to: second, rewound: true })).toBe(1n);
    expect(await findChain(db)).toMatchObject({ headNumber: 1n, headHash: second.hash, rewinds: 1n });
  });

  test('what a block brought goes with it', async () => {
    const { db } = store();
    const account = uniqueAddress();
    const [low, high] = [block(100n), block(200n)];
    const orderHash = unique32<OrderHash>();
    await insertBlocks(db, [low, high]);
    await insertEvents(db, [event(low.number, 0, 'task:a'), event(high.number, 0, 'task:a'), event(high.number, 1, 'task:b')]);
    await insertMoney(db, [money(low.number, account, 1n), money(high.number, account, 2n)]);
    await insertConsumed(db, [
      { blockNumber: low.number, logIndex: 9, orderHash, kind: 'matched', volume: 4n, dealId: null },
      { blockNumber: high.number, logIndex: 9, orderHash, kind: 'closed', volume: 0n, dealId: null },
    ]);
    expect(await listConsumption(db, [orderHash])).toEqual([{ orderHash, consumed: 4n, closed: true, presigned: false }]);
    expect((await listSubjectsAbove(db, 150n)).sort()).toEqual(['task:a', 'task:b']);
    await deleteBlocksAbove(db, 150n);
    expect(await listBlocks(db, { upTo: 1000n, limit: 10 })).toEqual([low]);
    expect(await listEventsOf(db, ['task:a', 'task:b'])).toMatchObject([{ blockNumber: 100n, blockTimestamp: 7n, args: { n: '1' } }]);
    expect(await listMoneyOfAccount(db, account)).toHaveLength(1);
    expect(await listConsumption(db, [orderHash])).toEqual([{ orderHash, consumed: 4n, closed: false, presigned: false }]);
  });

  test('payouts add up per account', async () => {
    const { db } = store();
    const [ref, account] = [unique32<TaskId>(), uniqueAddress()];
    await insertBlocks(db, [block(120n)]);
    const rewards = [3n, 4n].map((amount, logIndex) => ({ ...money(120n, account, amount), logIndex, ref }));
    await insertMoney(db, [...rewards, { ...money(120n, account, 5n), logIndex: 2, kind: 'Seize', ref }]);
    expect(await listPayouts(db, ref)).toEqual([{ account, rewarded: 7n, seized: 5n }]);
  });

  test('deals are found by their fields, newest first', async () => {
    const { db } = store();
    const requester = uniqueAddress();
    const deals = [1n, 3n, 2n].map((blockNumber) => aDeal({ requester, blockNumber, category: 77n }));
    await putDeals(db, deals);
    const page = await listDeals(
      db,
      { requester: requester.toUpperCase().replace('0X', '0x') as typeof requester, category: 77n },
      { skip: 1, limit: 1 },
    );
    expect(page).toEqual({ deals: [deals[2]], count: 3 });
  });

  test('a deal is taken up until all its tasks are', async () => {
    const { db } = store();
    await putCategories(db, [{ categoryId: 501n, name: 'XS', description: '', timeref: 300n, createdBlock: 1n }]);
    const deal = aDeal({ category: 501n, botFirst: 4n, botSize: 2n });
    await putDeals(db, [deal]);
    const todo = () => listDealsToTakeUp(db, { workerpools: [deal.workerpool], limit: 10 });
    expect(await todo()).toMatchObject([{ dealId: deal.dealId, timeref: 300n }]);
    await insertPoolTasks(db, [aPoolTask({ dealId: deal.dealId, index: 4n })]);
    expect(await todo()).toHaveLength(1);
    await insertPoolTasks(db, [aPoolTask({ dealId: deal.dealId, index: 5n })]);
    expect(await todo()).toEqual([]);
  });

  test('what may be claimed is found whether it was initialized or not', async () => {
    const { db } = store();
    await putCategories(db, [{ categoryId: 502n, name: 'XS', description: '', timeref: 10n, createdBlock: 1n }]);
    const deal = aDeal({ category: 502n, startTime: 50n, botSize: 3n });
    await putDeals(db, [deal]);
    const [open, ended] = [
      aTask({ dealId: deal.dealId, index: 0n, finalDeadline: 150n }),
      aTask({ dealId: deal.dealId, index: 2n, finalDeadline: 150n, status: 'COMPLETED' }),
    ];
    await putTasks(db, [open, ended]);
    expect(await listClaimableTasks(db, { now: 149n, limit: 10 })).toEqual([]);
    expect((await listClaimableTasks(db, { now: 150n, limit: 10 })).map(({ taskId }) => taskId)).toEqual([open.taskId]);
    expect(await listOverdueDeals(db, { now: 149n, limit: 10 })).toEqual([]);
    expect(await listOverdueDeals(db, { now: 150n, limit: 10 })).toEqual([
      { dealId: deal.dealId, botFirst: 0n, botSize: 3n, initialized: [0n, 2n] },
    ]);
  });
}

const block = (number: bigint) => ({ number, hash: unique32(), parentHash: ZERO_BYTES32 as Bytes32, timestamp: 7n });

const event = (blockNumber: bigint, logIndex: number, subject: string) => ({
  blockNumber,
  logIndex,
  transactionHash: unique32(),
  address: uniqueAddress(),
  name: 'TaskInitialize',
  subject,
  args: { n: '1' },
  detail: null,
});

const money = (blockNumber: bigint, account: ReturnType<typeof uniqueAddress>, amount: bigint) => ({
  blockNumber,
  logIndex: 5,
  transactionHash: unique32(),
  kind: 'Reward' as const,
  account,
  counterparty: null,
  amount,
  ref: null,
});
