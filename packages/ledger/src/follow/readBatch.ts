import type { BlockRef, MarketEvent } from '@gleaner/chain';
import type { BlockRow, ConsumedRow, MoneyRow } from '@gleaner/store';
import { consumedRows } from '../events/consumedRows.ts';
import { isProjected, type LedgerEvent, type ProjectedEvent } from '../events/LedgerEvent.ts';
import { moneyRow } from '../events/moneyRow.ts';
import type { LedgerSource } from './LedgerSource.ts';

/** Consecutive blocks with all they brought, read of one and the same chain. */
export interface Batch {
  /** Ascending; the last one is the new head. Long histories come with the blocks that have events only. */
  readonly blocks: readonly BlockRow[];
  readonly events: readonly LedgerEvent[];
  readonly money: readonly MoneyRow[];
  readonly consumed: readonly ConsumedRow[];
}

/** Blocks below the head that are stored one by one, so that a reorganisation of this depth goes back no further than it must. */
const DENSE_BLOCKS = 128n;
/** Blocks per batch when catching up. */
const SPARSE_BLOCKS = 1000n;

/**
 * Reads the blocks after `tip`, up to `head` or as many as a batch takes.
 * Nothing is read by block hash (not every node can), so it is checked at the end that `head` is still the block it was:
 * then no block below has changed while we read.
 * @returns undefined when the chain was reorganised meanwhile, or `tip` is not part of it: look again
 */
export async function readBatch(source: LedgerSource, tip: { number: bigint; hash: string }, head: BlockRef): Promise<Batch | undefined> {
  const from = tip.number + 1n;
  const isDense = head.number - tip.number <= DENSE_BLOCKS;
  const to = isDense ? head.number : min(tip.number + SPARSE_BLOCKS, head.number - DENSE_BLOCKS);
  const [events, below, all] = await Promise.all([
    source.events({ from, to }),
    source.block(tip.number),
    isDense ? readBlocks(source, range(from, to), head) : [],
  ]);
  const blocks = isDense ? all : await readBlocks(source, [...new Set([...events.map(({ blockNumber }) => blockNumber), to])], head);
  if (below?.hash !== tip.hash || !blocks) return undefined;
  const known = await addDetails(source, events, new Map(blocks.map((block) => [block.number, block])), head);
  const isSameChain = (await source.block(head.number))?.hash === head.hash;
  return isSameChain && known
    ? { blocks, events: known, money: events.flatMap((event) => moneyRow(event) ?? []), consumed: events.flatMap(consumedRows) }
    : undefined;
}

/** undefined when one of them is gone. */
async function readBlocks(source: LedgerSource, numbers: readonly bigint[], head: BlockRef): Promise<BlockRef[] | undefined> {
  const blocks = await Promise.all(numbers.map((number) => (number === head.number ? head : source.block(number))));
  return blocks.every((block) => block !== undefined) ? blocks : undefined;
}

/** Events with what the fold needs beside them; undefined when they do not belong to the blocks. */
async function addDetails(
  source: LedgerSource,
  events: readonly MarketEvent[],
  blocks: ReadonlyMap<bigint, BlockRow>,
  head: BlockRef,
): Promise<LedgerEvent[] | undefined> {
  if (events.some(({ blockNumber, blockHash }) => blocks.get(blockNumber)?.hash !== blockHash)) return undefined;
  const projected = events.filter(isProjected);
  const [deals, tasks] = await Promise.all([readDeals(source, projected, head), readTasks(source, projected, head)]);
  const detailed = projected.map((event) => {
    const blockTimestamp = blocks.get(event.blockNumber)?.timestamp;
    if (event.name === 'OrdersMatched') return { ...event, blockTimestamp, deal: deals.get(event.dealId) };
    if (event.name === 'TaskInitialize') return { ...event, blockTimestamp, task: tasks.get(event.taskId) };
    return { ...event, blockTimestamp };
  });
  const isComplete = detailed.every((event) => !('deal' in event && !event.deal) && !('task' in event && !event.task));
  return isComplete ? (detailed as LedgerEvent[]) : undefined;
}

/**
 * Deals never change, so the head is as good as their own block, whose state a node may have dropped.
 */
async function readDeals(source: LedgerSource, events: readonly ProjectedEvent[], head: BlockRef) {
  const ids = events.flatMap((event) => (event.name === 'OrdersMatched' ? [event.dealId] : []));
  const deals = ids.length === 0 ? [] : await source.deals(ids, head.number);
  return new Map(ids.map((id, position) => [id, deals[position]]));
}

/** As for deals: what is read of a task is fixed by its initialization. */
async function readTasks(source: LedgerSource, events: readonly ProjectedEvent[], head: BlockRef) {
  const ids = events.flatMap((event) => (event.name === 'TaskInitialize' ? [event.taskId] : []));
  const tasks = ids.length === 0 ? [] : await source.tasks(ids, head.number);
  return new Map(ids.map((id, position) => [id, tasks[position]]));
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const range = (from: bigint, to: bigint): bigint[] => Array.from({ length: Number(to - from) + 1 }, (_, offset) => from + BigInt(offset));
