import { finalize, initializeArray, readHub, reopen, type Sender } from '@gleaner/chain';
import { invariant, ZERO_ADDRESS } from '@gleaner/primitives';
import { authorizationHash } from '@gleaner/protocol';
import type { PoolChain } from '../ports.ts';

/** The pool owner's transactions over one sender, whose outbox is the database. */
export function createPoolChain(sender: Sender): PoolChain {
  const hub = readHub(sender.chain);
  return {
    owner: sender.address,
    async initialize({ dealId, indexes }, signal) {
      const { receipts } = await initializeArray(sender, { dealId, indexes, batchSize: indexes.length }, { signal });
      const [receipt] = receipts;
      invariant(receipt, 'A batch of one transaction gave no receipt', { dealId });
      return receipt.blockNumber;
    },
    finalize: async ({ effect, ...input }, signal) => (await finalize(sender, input, { effect, signal })).blockNumber,
    reopen: async (input, signal) => (await reopen(sender, input, { signal })).blockNumber,
    scores: (workers) => hub.viewScores(workers),
    authorize: (worker, taskId) => sender.account.signMessage({ message: { raw: authorizationHash(worker, taskId, ZERO_ADDRESS) } }),
  };
}
