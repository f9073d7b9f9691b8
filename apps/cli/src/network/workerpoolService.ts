import { createChain, createSender, createWorkerpool } from '@gleaner/chain';
import { accountFromKey, decodePrivateKey } from '@gleaner/keys';
import type { InProcessService } from '@gleaner/localnet';

/** Registers the pool of a development network; a pool that is there already is kept. Nothing runs afterwards. */
export const workerpoolService: InProcessService = {
  name: 'workerpool',
  async start({ network, accounts }) {
    const chain = createChain({ rpcUrl: network.rpcUrl, hubAddress: network.hubAddress });
    const account = accountFromKey(decodePrivateKey(accounts.workerpoolOwner.privateKey, 'The key of the workerpool owner'));
    const sender = createSender({ chain, account });
    const { address } = await createWorkerpool(sender, { description: 'local workers' });
    sender.close();
    return { network: { workerpool: address }, close: async () => undefined };
  },
};
