import type { BlockRef } from '@gleaner/chain';
import type { Query } from '../reading/useReading.ts';

/** The newest block, from the chain that the description names. @throws {GleanerError} chain-replaced, chain-unreachable */
export const headQuery: Query<BlockRef> = {
  key: 'head',
  async read({ chain, network }) {
    const [head] = await Promise.all([chain.head(), chain.identify({ chainId: network.chainId })]);
    return head;
  },
};
