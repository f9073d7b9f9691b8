import type { Network } from '@gleaner/localnet';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasEnclaves, NO_ENCLAVES } from '../src/announced.ts';
import { deployProgram } from '../src/deployProgram.ts';
import { deployReceiver, readReceiver } from '../src/deployReceiver.ts';
import { lastOf } from '../src/lastOf.ts';
import { matchWithBook } from '../src/matchWithBook.ts';
import { type Newcomer, newcomer } from '../src/newcomer.ts';
import { signApp } from '../src/offers.ts';
import { reasonOf } from '../src/reasonOf.ts';
import { sharedNetwork } from '../src/sharedNetwork.ts';
import { stockClient } from '../src/stockClient.ts';

/** nRLC, far above the price of the tasks. */
const DEPOSIT = 50_000_000_000n;
const DATA = '0x00112233445566778899';

let network: Network;
let areThere: boolean;
let requester: Newcomer;
let app: string;

describe('a result that the stock client wants delivered to a contract', () => {
  beforeAll(async () => {
    network = await sharedNetwork();
    areThere = await hasEnclaves(network, stockClient(network, network.accounts.stranger.privateKey));
    if (!areThere) return console.info(`Callbacks of the stock client: not run, ${NO_ENCLAVES}`);
    requester = await newcomer(network, DEPOSIT);
    app = await deployProgram(requester, network, 'inputs.wasm');
    await requester.iexec.order.publishApporder(await signApp(requester, { app, appprice: 0, volume: 100 }));
  });
  beforeEach(({ skip }) => skip(!areThere, NO_ENCLAVES));

  test('arrives there, with the id of its task', async () => {
    const callback = await deployReceiver(requester, network, 'Receiver');
    const taskid = await complete(callback);
    expect(await readReceiver(network, callback)).toEqual({ task: taskid, data: DATA });
    expect(await requester.iexec.task.show(taskid)).toMatchObject({ statusName: 'COMPLETED', resultsCallback: DATA });
  });

  describe.runIf(process.env['GLEANER_DEEP'])('is paid for all the same when that contract is hostile (GLEANER_DEEP):', () => {
    test.each(['Refuser', 'Burner'] as const)('%s', async (name) => {
      const { iexec, address } = requester;
      const before = await iexec.account.checkBalance(address);
      const taskid = await complete(await deployReceiver(requester, network, name));
      expect(await iexec.task.show(taskid)).toMatchObject({ statusName: 'COMPLETED', resultsCallback: DATA });
      const { stake, locked } = await iexec.account.checkBalance(address);
      const { workerpool } = await iexec.deal.show((await iexec.task.show(taskid)).dealid);
      expect(before.stake.sub(stake).toString()).toBe(`${workerpool.price}`);
      expect(locked.toNumber()).toBe(0);
    });

    test('an account without code', async () => {
      expect(await requester.iexec.task.show(await complete(network.accounts.stranger.address))).toMatchObject({ statusName: 'COMPLETED' });
    });
  });

  test.runIf(process.env['GLEANER_DEEP'])('needs callback data from the program (GLEANER_DEEP)', async () => {
    const { dealid } = await matchWithBook(requester, network, { app, callback: network.accounts.stranger.address, params: {} });
    expect(await reasonOf(network, await requester.iexec.deal.computeTaskId(dealid, 0))).toMatchObject({ code: 'result-invalid' });
  });
});

/** Runs a task with this callback to its end. @returns its id */
async function complete(callback: string): Promise<string> {
  const { deal } = requester.iexec;
  const { dealid } = await matchWithBook(requester, network, { app, callback, params: { iexec_args: `callback ${DATA}` } });
  expect(await lastOf(await deal.obsDeal(dealid))).toMatchObject({ message: 'DEAL_COMPLETED' });
  return deal.computeTaskId(dealid, 0);
}
