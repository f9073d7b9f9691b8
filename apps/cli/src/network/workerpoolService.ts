import {
  appointTeeBroker,
  type Chain,
  changeAgent,
  createChain,
  createOperatedPool,
  createSender,
  createWorkerpool,
  findOperator,
  readHub,
  type Sender,
  topUpEscrow,
} from '@gleaner/chain';
import { accountFromKey, decodePrivateKey } from '@gleaner/keys';
import type { DevelopmentAccount, InProcessService, ServiceContext } from '@gleaner/localnet';
import { type Address, invariant } from '@gleaner/primitives';
import { isAddressEqual } from 'viem';
import type { PoolKey } from './embeddedServices.ts';
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
    const workerpool = await as(chain, accounts.workerpoolOwner, async (owner) =>
      isOperated ? await openOperated(owner, accounts) : (await createWorkerpool(owner, { description })).address,
    );
    await appointScheduler(chain, accounts, isOperated ? 'poolAgent' : 'workerpoolOwner');
    return { network: { workerpool }, close: async () => undefined };
  },
});

async function as<T>(chain: Chain, { name, privateKey }: DevelopmentAccount, body: (sender: Sender) => Promise<T>): Promise<T> {
  const sender = createSender({ chain, account: accountFromKey(decodePrivateKey(privateKey, `The key of ${name}`)) });
  try {
    return await body(sender);
  } finally {
    sender.close();
  }
}

/** Makes the scheduler's key the TEE broker at every start, so that it can serve the pools of strangers with enclaves. */
async function appointScheduler(chain: Chain, accounts: ServiceContext['accounts'], role: PoolKey): Promise<void> {
  const { address } = accounts[role];
  if (isAddressEqual(await readHub(chain).teeBroker(), address)) return;
  await as(chain, accounts.hubOwner, (owner) => appointTeeBroker(owner, address));
}

/** Stake is put up by the owner. Its first agent decides the pool's address, so that is the owner itself, and the key of now comes second. */
async function openOperated(sender: Sender, { poolAgent }: ServiceContext['accounts']): Promise<Address> {
  const { address, operator } = await createOperatedPool(sender, { agent: sender.address, priceFloor: POOL_TERMS.price, description });
  const info = await findOperator(sender.chain, operator);
  invariant(info, 'What was just created is an operator', { operator });
  if (!isAddressEqual(info.agent, poolAgent.address)) await changeAgent(sender, { operator, agent: poolAgent.address });
  await topUpEscrow(sender, { target: POOL_STAKE, account: operator });
  return address;
}
