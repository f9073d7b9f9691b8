import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '@gleaner/e2e/until';
import type { Network } from '@gleaner/localnet';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Newcomer, newcomer } from '../src/newcomer.ts';
import { sharedNetwork } from '../src/sharedNetwork.ts';
import { type StockCommand, stockCommand } from '../src/stockCommand.ts';

let network: Network;
let owner: Newcomer;
let scratch: ScratchFolder;
let iexec: StockCommand;

describe('the stock client, as a command', () => {
  beforeAll(async () => {
    network = await sharedNetwork();
    owner = await newcomer(network);
    scratch = createScratchFolder('stock-command');
    iexec = await stockCommand(scratch.path, network, owner);
  });
  afterAll(() => scratch?.remove());

  let [app, workerpool] = ['', ''];

  test('registers the stock program out of iexec.json, offers it, and finds it in the book', async () => {
    const { multiaddr, checksum } = network.stockApp ?? {};
    await writeConfig({
      app: { owner: owner.address, name: 'command', type: 'DOCKER', multiaddr, checksum },
      workerpool: { owner: owner.address, description: 'command' },
    });
    ({ address: app } = await iexec('app', 'deploy'));
    expect((await owner.iexec.app.showApp(app)).app).toMatchObject({ owner: owner.address, appChecksum: checksum });
    const { orderHash } = await iexec('app', 'publish', app, '--price', '7', '--volume', '3', '--force');
    const book = await iexec('orderbook', 'app', app);
    expect(book).toMatchObject({ ok: true, count: 1, appOrders: [{ orderHash, price: 7, remaining: 3 }] });
  });

  test('runs an app of its own on a pool of its own: matched, listed, shown', async () => {
    ({ address: workerpool } = await owner.iexec.workerpool.deployWorkerpool({ owner: owner.address, description: 'command' }));
    const run = await iexec('app', 'run', app, '--workerpool', workerpool, '--args', 'hello', '--force');
    expect(run).toMatchObject({ ok: true, deals: [{ volume: '1' }] });
    const [{ dealid }] = run.deals;
    const shown = await iexec('deal', 'show', dealid);
    expect(shown).toMatchObject({ ok: true, deal: { requester: owner.address, deadlineReached: false, app: { pointer: app } } });
    await until('The listing of the deal', async () => {
      const { deals } = await owner.iexec.deal.fetchRequesterDeals(owner.address);
      return deals.some((deal) => deal.dealid === dealid);
    });
  });

  describe.runIf(process.env['GLEANER_DEEP'])('and with more commands (GLEANER_DEEP)', () => {
    test('shows wallet, contracts and escrow, deposits and withdraws', async () => {
      expect(await iexec('wallet', 'show')).toMatchObject({
        ok: true,
        wallet: { address: owner.address },
        balance: { nRLC: '100000000000' },
      });
      expect(await iexec('info')).toMatchObject({ ok: true, hubAddress: network.hubAddress, appRegistryAddress: network.registries.app });
      expect(await iexec('account', 'deposit', '1000')).toMatchObject({ ok: true, amount: '1000' });
      expect(await iexec('account', 'show')).toMatchObject({ ok: true, balance: { stake: '1000', locked: '0' } });
      expect(await iexec('account', 'withdraw', '1000')).toMatchObject({ ok: true, amount: '1000' });
      expect(await iexec('account', 'withdraw', '1')).toMatchObject({ ok: false });
    });

    test('withdraws an offer once', async () => {
      expect(await iexec('app', 'unpublish', app, '--force')).toMatchObject({ ok: true });
      expect((await owner.iexec.orderbook.fetchAppOrderbook({ app })).count).toBe(0);
      const again = await iexec('app', 'unpublish', app, '--force');
      expect(again).toMatchObject({ ok: false, error: { message: 'API error: apporder not found' } });
    });

    test('refuses what cannot be: a claim too early, a task that is not there', async () => {
      const run = await iexec('app', 'run', app, '--workerpool', workerpool, '--force');
      const [{ dealid }] = run.deals;
      const claimed = await iexec('deal', 'claim', dealid);
      expect(claimed).toMatchObject({ ok: false, error: { message: expect.stringContaining('before reaching') } });
      // the deal has one task
      const taskid = await owner.iexec.deal.computeTaskId(dealid, 1);
      const missing = await iexec('task', 'show', taskid);
      expect(missing).toMatchObject({ ok: false, error: { message: expect.stringContaining('No task found') } });
    });

    test('signs, publishes, fills and cancels the orders of a file', async () => {
      await iexec('order', 'init', '--app', '--workerpool', '--request');
      const { order: drafts } = JSON.parse(await readFile(join(scratch.path, 'iexec.json'), 'utf8'));
      const { address: requester } = owner;
      await writeConfig({
        order: {
          apporder: { ...drafts.apporder, app, volume: '2' },
          workerpoolorder: { ...drafts.workerpoolorder, workerpool, volume: '2', workerpoolprice: '0' },
          requestorder: { ...drafts.requestorder, app, requester, beneficiary: requester, workerpoolmaxprice: '0' },
        },
      });
      expect(await iexec('order', 'sign', '--app', '--workerpool', '--request', '--force')).toMatchObject({ ok: true });
      const published = await iexec('order', 'publish', '--app', '--workerpool', '--request', '--force');
      expect(published).toMatchObject({ ok: true });
      expect(await iexec('order', 'fill', '--force')).toMatchObject({ ok: true, volume: '1' });
      expect(await iexec('order', 'cancel', '--app', '--force')).toMatchObject({ ok: true });
      const { orderHash } = published.apporder;
      await until('The cancelling', async () => (await owner.iexec.orderbook.fetchApporder(orderHash)).status === 'canceled');
    });

    test('gives the app away', async () => {
      const heir = network.accounts.stranger.address;
      expect(await iexec('app', 'transfer', app, '--to', heir, '--force')).toMatchObject({ ok: true, to: heir });
    });
  });
});

/** Adds sections to iexec.json. */
async function writeConfig(sections: object): Promise<void> {
  await mkdir(scratch.path, { recursive: true });
  const file = join(scratch.path, 'iexec.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...sections }));
}
