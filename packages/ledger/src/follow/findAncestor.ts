import { type BlockRow, listBlocks, type Store } from '@gleaner/store';
import type { LedgerSource } from './LedgerSource.ts';

/** Stored blocks compared at first; then ten times as many, and so on. */
const FIRST_PAGE = 16;

/**
 * The highest stored block, at or below `tip`, that the chain still has. Cost: a few requests for shallow reorganisations, log2 of the stored blocks for deep ones.
 * @returns undefined when it has none: then it is another chain
 */
export async function findAncestor(db: Store['db'], source: LedgerSource, tip: Pick<BlockRow, 'number'>): Promise<BlockRow | undefined> {
  let upTo = tip.number;
  for (let limit = FIRST_PAGE; ; limit *= 10) {
    const blocks = await listBlocks(db, { upTo, limit });
    const lowest = blocks.at(-1);
    if (!lowest) return undefined;
    if (await isCanonical(source, lowest)) return highestCanonical(source, blocks);
    upTo = lowest.number - 1n;
  }
}

/** By halving: a chain that has a block has all blocks below it. `blocks` descend and the last one is canonical. */
async function highestCanonical(source: LedgerSource, blocks: readonly BlockRow[]): Promise<BlockRow | undefined> {
  let [low, high] = [0, blocks.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await isCanonical(source, blocks[middle] as BlockRow)) high = middle;
    else low = middle + 1;
  }
  return blocks[high];
}

async function isCanonical(source: LedgerSource, block: BlockRow): Promise<boolean> {
  return (await source.block(block.number))?.hash === block.hash;
}
