import { createHash } from 'node:crypto';
import type { Address, Hex } from '@gleaner/primitives';
import { accountOf, type MarketState } from '@gleaner/protocol';
import { concat, size, toHex } from 'viem';
import type { EncodedCall } from './encodeCall.ts';
import { WATCHED } from './parties.ts';
import type { View } from './View.ts';

/** How a step must end: `refused` with exactly these revert data, `refused somehow` where another contract chooses them. */
export type Ending = { readonly kind: 'done' | 'refused somehow' | 'placed' } | { readonly kind: 'refused'; readonly data: Hex };

export interface Step {
  /** Timestamp of its block. */
  readonly now: bigint;
  readonly from: Address;
  readonly call: Pick<EncodedCall, 'to' | 'data'>;
  readonly ending: Ending;
  readonly views: readonly View[];
  readonly state: MarketState;
}

const ENDINGS = { done: 1, refused: 2, 'refused somehow': 3, placed: 4 } as const;

/**
 * Bytes that `Twin.t.sol` reads. For each step: timestamp 5, sender 20, receiver 20, ending 1, calldata (length 3),
 * revert data (length 3), number of views 1, each of them receiver 20 and calldata (length 1), and SHA-256 of `shownBy` 32.
 */
export function packHistory(steps: readonly Step[]): Hex {
  return concat(steps.map(packStep));
}

function packStep({ now, from, call, ending, views, state }: Step): Hex {
  return concat([
    toHex(now, { size: 5 }),
    from,
    call.to,
    toHex(ENDINGS[ending.kind], { size: 1 }),
    sized(call.data, 3),
    sized(ending.kind === 'refused' ? ending.data : '0x', 3),
    toHex(views.length, { size: 1 }),
    ...views.flatMap(({ to, data }) => [to, sized(data, 1)]),
    sha256(shownBy(state, views)),
  ]);
}

const sized = (data: Hex, width: number): Hex => concat([toHex(size(data), { size: width }), data]);

/** What the contracts must show: supply, then free, frozen and score of everybody watched, then the answers of the views. */
export function shownBy(state: MarketState, views: readonly View[]): Hex {
  const accounts = WATCHED.map((owner) => {
    const { stake, locked } = accountOf(state, owner);
    return `${word(stake)}${word(locked)}${word(state.scores.get(owner) ?? 0n)}`;
  });
  return concat([`0x${word(state.totalSupply)}${accounts.join('')}`, ...views.map(({ answer }) => answer)]);
}

/** Node's own: of the hashes that the EVM has, this one is native here. */
const sha256 = (shown: Hex): Hex => `0x${createHash('sha256').update(shown.slice(2), 'hex').digest('hex')}`;

const word = (value: bigint): string => value.toString(16).padStart(64, '0');
