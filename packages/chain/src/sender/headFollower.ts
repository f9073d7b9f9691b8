import type { Bytes32 } from '@gleaner/primitives';
import type { Chain } from '../client/createChain.ts';

/**
 * `same` no new block; `extended` by blocks holding these transactions; `reorganised` the last block seen is no ancestor of the head;
 * `jumped` too far ahead to look at every block, or the first look.
 */
type HeadStep =
  | { readonly kind: 'same' | 'reorganised' | 'jumped' }
  | { readonly kind: 'extended'; readonly transactions: readonly Bytes32[] };

export interface HeadFollower {
  look(): Promise<HeadStep>;
  /** The step was dealt with; without it the next look gives the same step again. */
  accept(): void;
  /** Whether a reorganisation that takes this block away would show: the last look reached its height, or none was taken yet. */
  covers(blockNumber: bigint): boolean;
}

interface Block {
  readonly number: bigint;
  readonly hash: string;
  readonly parentHash: string;
  readonly transactions: readonly string[];
}

const MOST_BLOCKS = 16n;

export function createHeadFollower(chain: Chain): HeadFollower {
  let accepted: Block | undefined;
  let seen: Block | undefined;

  const read = (blockNumber?: bigint): Promise<Block> =>
    chain.attempt((rpc) => rpc.getBlock(blockNumber === undefined ? { blockTag: 'latest' } : { blockNumber }), 'head');

  return {
    async look() {
      const head = await read();
      seen = head;
      if (!accepted) return { kind: 'jumped' };
      if (head.hash === accepted.hash) return { kind: 'same' };
      if (head.number <= accepted.number) return { kind: 'reorganised' };
      if (head.number - accepted.number > MOST_BLOCKS) return { kind: 'jumped' };
      const between = await Promise.all(numbersBetween(accepted.number, head.number).map((number) => read(number)));
      const blocks = [...between, head];
      if (!linked(accepted, blocks)) return { kind: 'reorganised' };
      return { kind: 'extended', transactions: blocks.flatMap((block) => block.transactions as Bytes32[]) };
    },
    accept() {
      accepted = seen;
    },
    covers: (blockNumber) => seen === undefined || blockNumber <= seen.number,
  };
}

/** Block numbers strictly between the two. */
function numbersBetween(from: bigint, to: bigint): bigint[] {
  return Array.from({ length: Number(to - from) - 1 }, (_, i) => from + 1n + BigInt(i));
}

function linked(base: Block, blocks: readonly Block[]): boolean {
  return blocks.every((block, i) => block.parentHash === (blocks[i - 1] ?? base).hash);
}
