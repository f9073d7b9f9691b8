import { until } from '@gleaner/e2e/until';
import { callRpc, type Network } from '@gleaner/localnet';
import { beforeAll, describe, expect, test } from 'vitest';
import { holdKeeper } from '../src/holdKeeper.ts';
import { lastOf } from '../src/lastOf.ts';
import { type Newcomer, newcomer } from '../src/newcomer.ts';
import { deployStockApp, signApp, signRequest, signWorkerpool } from '../src/offers.ts';
import { sharedNetwork } from '../src/sharedNetwork.ts';
import { stockClient } from '../src/stockClient.ts';

/** Seconds; everything ends after ten times as many. */
const TIME_REFERENCE = 1;
/** The network's scheduler serves the pools of others at trust 0 and 1 alone. */
const UNSERVED_TRUST = 2;

let network: Network;
let party: Newcomer;

describe('a task that nobody computes', () => {
  beforeAll(async () => {
    network = await sharedNetwork();
    party = await newcomer(network, 10_000n);
  });

  test('is refunded to the stock client after its final deadline', async () => {
    const { iexec, address } = party;
    const hubOwner = stockClient(network, network.accounts.hubOwner.privateKey);
    const { catid } = await hubOwner.hub.createCategory({ name: 'short', description: 'ends soon', workClockTimeRef: TIME_REFERENCE });
    const app = await deployStockApp(party, network);
    const { address: workerpool } = await iexec.workerpool.deployWorkerpool({ owner: address, description: 'idle' });
    const category = catid.toNumber();
    const orders = {
      apporder: await signApp(party, { app, appprice: 1, volume: 2 }),
      workerpoolorder: await signWorkerpool(party, { workerpool, workerpoolprice: 1000, category, volume: 2, trust: UNSERVED_TRUST }),
      requestorder: await signRequest(party, { app, appmaxprice: 1, workerpoolmaxprice: 1000, category, volume: 2, trust: UNSERVED_TRUST }),
    };
    const release = await holdKeeper(network);
    try {
      const before = await iexec.account.checkBalance(address);
      const { dealid } = await iexec.order.matchOrders(orders);
      expect((await iexec.account.checkBalance(address)).locked.toNumber()).toBe(2 * 1001 + 2 * 300);
      await expect(iexec.deal.claim(dealid)).rejects.toThrow('Cannot claim a deal before reaching');

      const ended = await lastOf(await iexec.deal.obsDeal(dealid));
      expect(ended).toMatchObject({ message: 'DEAL_TIMEDOUT', tasksCount: 2, failedTasksCount: 2 });
      // the client looks at its own clock, the contracts at that of the latest block
      const { finalTime } = await iexec.deal.show(dealid);
      await until('The deadline on chain', async () => (await blockTime(network)) >= finalTime.toNumber());
      const { transactions, claimed } = await iexec.deal.claim(dealid);
      expect(transactions.map(({ type }) => type)).toEqual(['initializeAndClaimArray']);
      expect(Object.keys(claimed)).toEqual(['0', '1']);
      const after = await iexec.account.checkBalance(address);
      expect(after.locked.toNumber()).toBe(0);
      // the pool's stake goes to the kitty, the price comes back
      expect(before.stake.sub(after.stake).toNumber()).toBe(2 * 300);
      const taskid = await iexec.deal.computeTaskId(dealid, 0);
      expect(await iexec.task.show(taskid)).toMatchObject({ status: 4, statusName: 'FAILED' });
      await expect(iexec.deal.claim(dealid)).rejects.toThrow('Nothing to claim');
    } finally {
      await release();
    }
  });
});

/** Timestamp of the latest block, seconds. */
async function blockTime({ rpcUrl }: Network): Promise<number> {
  const block = (await callRpc(rpcUrl, 'eth_getBlockByNumber', ['latest', false])) as { timestamp: string };
  return Number(block.timestamp);
}
