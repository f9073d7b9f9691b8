import {
  changeAgent,
  createChain,
  createOperatedPool,
  createSender,
  createWorkerpool,
  findOperator,
  type Sender,
  topUpEscrow,
} from '@gleaner/chain';
import { accountFromKey, decodePrivateKey } from '@gleaner/keys';
import type { InProcessService, ServiceContext } from '@gleaner/localnet';
import { type Address, invariant } from '@gleaner/primitives';
import { isAddressEqual } from 'viem';
import { POOL_STAKE, POOL_TERMS } from './poolTerms.ts';

const description = 'local workers';

/**
 * Registers the pool of a development network; a pool that is there already is kept. Nothing runs afterwards.
 * @param isOperated whether an operator contract owns the pool, so that the scheduler needs the agent's key alone
 */
export const workerpoolService = (isOperated: boolean): InProcessService => ({
  name: 'workerpool',
  async start({ network, accounts }) {
    const chain = createChain({ rpcUrl: network.rpcUrl, hubAddress: network.hubAddress });
    const account = accountFromKey(decodePrivateKey(accounts.workerpoolOwner.privateKey, 'The key of the workerpool owner'));
    const sender = createSender({ chain, account });
    try {
      const workerpool = isOperated ? await openOperated(sender, accounts) : (await createWorkerpool(sender, { description })).address;
      return { network: { workerpool }, close: async () => undefined };
    } finally {
      sender.close();
    }
  },
});

/** Stake is put up by the owner. Its first agent decides the pool's address, so that is the owner itself, and the key of now comes second. */
async function openOperated(sender: Sender, { poolAgent }: ServiceContext['accounts']): Promise<Address> {
  const { address, operator } = await createOperatedPool(sender, { agent: sender.address, priceFloor: POOL_TERMS.price, description });
  const info = await findOperator(sender.chain, operator);
  invariant(info, 'What was just created is an operator', { operator });
  if (!isAddressEqual(info.agent, poolAgent.address)) await changeAgent(sender, { operator, agent: poolAgent.address });
  await topUpEscrow(sender, { target: POOL_STAKE, account: operator });
  return address;
}
