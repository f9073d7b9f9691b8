import { finalize, initializeArray, readHub, reopen, type Sender } from '@gleaner/chain';
import { type Address, type Hex, invariant, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { authorizationHash, stateAuthorization } from '@gleaner/protocol';
import type { PoolChain } from '../ports.ts';

/**
 * The pool owner's transactions over one sender, whose outbox is the database.
 * @param operator contract that owns the pool, when the sender is its agent
 */
export function createPoolChain(sender: Sender, operator?: Address): PoolChain {
  const hub = readHub(sender.chain);
  const via = operator === undefined ? {} : { operator };
  return {
    owner: operator ?? sender.address,
    async initialize({ dealId, indexes }, signal) {
      const { receipts } = await initializeArray(sender, { dealId, indexes, batchSize: indexes.length }, { signal });
      const [receipt] = receipts;
      invariant(receipt, 'A batch of one transaction gave no receipt', { dealId });
      return receipt.blockNumber;
    },
    finalize: async ({ effect, ...input }, signal) => (await finalize(sender, { ...input, ...via }, { effect, signal })).blockNumber,
    reopen: async (input, signal) => (await reopen(sender, { ...input, ...via }, { signal })).blockNumber,
    scores: (workers) => hub.viewScores(workers),
    authorize: (worker, taskId, enclave = ZERO_ADDRESS) => authorize(sender, { worker, taskId, enclaveChallenge: enclave }, operator),
  };
}

async function authorize(
  { account }: Sender,
  terms: { worker: Address; taskId: TaskId; enclaveChallenge: Address },
  operator: Address | undefined,
): Promise<Hex> {
  const signature = await account.signMessage({ message: { raw: authorizationHash(terms.worker, terms.taskId, terms.enclaveChallenge) } });
  return operator === undefined ? signature : stateAuthorization(terms, signature);
}
