import { finalize, initializeArray, readHub, reopen, type Sender } from '@gleaner/chain';
import { type Address, GleanerError, type Hex, invariant, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { authorizationHash, stateAuthorization } from '@gleaner/protocol';
import { isAddressEqual } from 'viem';
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
    async authorize(worker, taskId, enclave = ZERO_ADDRESS) {
      const broker = enclave === ZERO_ADDRESS ? ZERO_ADDRESS : await hub.teeBroker();
      if (broker !== ZERO_ADDRESS && !isAddressEqual(broker, sender.address)) throw anotherBroker(broker, taskId);
      return await authorize(sender, { worker, taskId, enclaveChallenge: enclave }, broker === ZERO_ADDRESS ? operator : undefined);
    },
  };
}

const anotherBroker = (broker: Address, taskId: TaskId): GleanerError =>
  new GleanerError('forbidden', `Enclaves are let in by the TEE broker of the hub, ${broker}, and not by this scheduler`, {
    details: { broker, taskId },
  });

async function authorize(
  { account }: Sender,
  terms: { worker: Address; taskId: TaskId; enclaveChallenge: Address },
  operator: Address | undefined,
): Promise<Hex> {
  const signature = await account.signMessage({ message: { raw: authorizationHash(terms.worker, terms.taskId, terms.enclaveChallenge) } });
  return operator === undefined ? signature : stateAuthorization(terms, signature);
}
