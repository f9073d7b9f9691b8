import type { DealOptions } from './GasMarket.ts';
import type { GasOperation } from './GasOperation.ts';

const MATCH_TARGET = 360_000;

/** `matchOrders`, whatever the deal is made of. */
export const matchOperations: readonly GasOperation[] = [
  matching('', 699_491, {}, MATCH_TARGET),
  matching(', volume 10', 699_491, { volume: 10n }, MATCH_TARGET),
  matching(', volume 100', 699_491, { volume: 100n }, MATCH_TARGET),
  matching(', dataset', 806_302, { dataset: true }),
  matching(', fresh app and pool orders', 733_679, { fresh: true }),
  matching(', callback', 719_631, { callback: true }),
  matching(', enclave tag', 719_427, { tee: true }),
  matching(', all free, fresh orders', 659_907, { free: true, fresh: true }),
  matching(', no params', 611_480, { params: '' }),
  matching(', params of 32 bytes', 654_272, { params: 'x'.repeat(32) }),
  matching(', params of 256 bytes', 813_791, { params: 'x'.repeat(256) }),
];

function matching(suffix: string, reference: number, options: DealOptions, target?: number): GasOperation {
  return { name: `matchOrders${suffix}`, reference, ...(target && { target }), run: async (market) => (await market.match(options)).gas };
}
