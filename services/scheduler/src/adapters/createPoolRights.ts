import { findOperator, readHub, type Sender } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import { signingRight } from '../domain/signingRight.ts';
import type { PoolRights } from '../ports.ts';
import { createPoolChain } from './createPoolChain.ts';

/** Rights of the sender's key, read from the chain at its head. */
export function createPoolRights(sender: Sender): PoolRights {
  const { chain, address: key } = sender;
  const hub = readHub(chain);
  return {
    key,
    over: async (owner: Address) => {
      const [operator, teeBroker] = await Promise.all([findOperator(chain, owner), hub.teeBroker()]);
      return signingRight({ key, owner, agent: operator?.agent, teeBroker });
    },
    chainOf: (right) => createPoolChain(sender, right.kind === 'operator' ? right.operator : undefined),
  };
}
