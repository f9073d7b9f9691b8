import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '@gleaner/e2e/until';
import { callRpc, type Network } from '@gleaner/localnet';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addFile } from '../src/addFile.ts';
import { holdKeeper } from '../src/holdKeeper.ts';
import { type Newcomer, newcomer } from '../src/newcomer.ts';
import { deployStockApp, signApp, signWorkerpool } from '../src/offers.ts';
import { sharedNetwork } from '../src/sharedNetwork.ts';
import { stockClient } from '../src/stockClient.ts';
import { type StockCommand, stockCommand } from '../src/stockCommand.ts';

/** nRLC, far above the price of the tasks. */
const DEPOSIT = 50_000_000_000n;
/** The network's scheduler serves the pools of others at trust 0 and 1 alone. */
const UNSERVED_TRUST = 2;

let network: Network;
let owner: Newcomer;
let scratch: ScratchFolder;
let iexec: StockCommand;
let app: string;

describe.runIf(process.env['GLEANER_DEEP'])('every command of the stock client that a market needs (GLEANER_DEEP)', () => {
  beforeAll(async () => {
    network = await sharedNetwork();
    owner = await newcomer(network, DEPOSIT);
    scratch = createScratchFolder('stock-commands');
    iexec = await stockCommand(scratch.path, network, owner);
    app = await deployStockApp(owner, network);
    await owner.iexec.order.publishApporder(await signApp(owner, { app, appprice: 0, volume: 100 }));
  });
  afterAll(() => scratch?.remove());

  test('storage: told once, replaced on demand, checked', async () => {
    expect(await iexec('storage', 'check', 'dropbox')).toMatchObject({ ok: true, isInitialized: false });
    expect(await iexec('storage', 'init', 'dropbox', '--token', 'one')).toMatchObject({ ok: true, isInitialized: true });
    expect(await iexec('storage', 'check', 'dropbox')).toMatchObject({ ok: true, isInitialized: true });
    const again = await iexec('storage', 'init', 'dropbox', '--token', 'two');
    expect(again).toMatchObject({ ok: false, error: { message: expect.stringContaining('already initialized') } });
    expect(await iexec('storage', 'init', 'dropbox', '--token', 'two', '--force-update')).toMatchObject({ ok: true, isUpdated: true });
    expect(await iexec('storage', 'check', 'elsewhere')).toMatchObject({ ok: false });
  });

  test('secrets of a requester and of an app: pushed once, checked', async () => {
    expect(await iexec('requester', 'check-secret', 'mine')).toMatchObject({ ok: true, isSet: false });
    expect(await iexec('requester', 'push-secret', 'mine', '--secret-value', 'value')).toMatchObject({ ok: true, isPushed: true });
    expect(await iexec('requester', 'check-secret', 'mine')).toMatchObject({ ok: true, isSet: true });
    const again = await iexec('requester', 'push-secret', 'mine', '--secret-value', 'value');
    expect(again).toMatchObject({ ok: false, error: { message: expect.stringContaining('already exists') } });
    expect(await iexec('app', 'push-secret', app, '--secret-value', 'of the app')).toMatchObject({ ok: true });
    expect(await iexec('app', 'check-secret', app)).toMatchObject({ ok: true, isSecretSet: true });
  });

  test('a data set: encrypted, registered, its key pushed, offered, and worked on; the result decrypted afterwards', async () => {
    expect(await iexec('dataset', 'init', '--encrypted')).toMatchObject({ ok: true });
    await writeFile(join(scratch.path, 'datasets', 'original', 'data.txt'), 'what only the owner knew');
    expect(await iexec('dataset', 'encrypt', '--force')).toMatchObject({ ok: true });
    const [file = ''] = (await readdir(join(scratch.path, 'datasets', 'encrypted'))).filter((name) => name.endsWith('.enc'));
    const sealed = await readFile(join(scratch.path, 'datasets', 'encrypted', file));
    const checksum = await owner.iexec.dataset.computeEncryptedFileChecksum(sealed);
    const multiaddr = `/ipfs/${await addFile(network, sealed)}`;
    await configure({ dataset: { owner: owner.address, name: 'by command', multiaddr, checksum } });
    const { address: dataset } = await iexec('dataset', 'deploy');
    const early = await iexec('dataset', 'publish', dataset, '--force');
    expect(early).toMatchObject({ ok: false, error: { message: expect.stringContaining('Dataset encryption key is not set') } });
    const [key = ''] = await readdir(join(scratch.path, '.secrets', 'datasets'));
    const secretPath = join(scratch.path, '.secrets', 'datasets', key);
    expect(await iexec('dataset', 'push-secret', dataset, '--secret-path', secretPath)).toMatchObject({ ok: true });
    expect(await iexec('dataset', 'check-secret', dataset)).toMatchObject({ ok: true, isSecretSet: true });
    expect(await iexec('dataset', 'publish', dataset, '--price', '3', '--app-restrict', app, '--force')).toMatchObject({ ok: true });

    const unset = await iexec('app', 'run', app, '--dataset', dataset, ...onOurPool(), '--encrypt-result', '--force');
    expect(unset).toMatchObject({ ok: false, error: { message: expect.stringContaining('Beneficiary result encryption key is not set') } });
    expect(await iexec('result', 'generate-encryption-keypair', '--force')).toMatchObject({ ok: true });
    expect(await iexec('result', 'push-encryption-key')).toMatchObject({ ok: true });
    expect(await iexec('result', 'check-encryption-key')).toMatchObject({ ok: true, isEncryptionKeySet: true });
    const run = await iexec('app', 'run', app, '--dataset', dataset, ...onOurPool(), '--encrypt-result', '--watch', '--force');
    expect(run).toMatchObject({ ok: true, tasks: [{ statusName: 'COMPLETED' }] });
    expect(await iexec('task', 'show', run.tasks[0].taskid, '--download', 'sealed')).toMatchObject({ ok: true });
    const opened = await iexec('result', 'decrypt', 'sealed.zip', '--force');
    expect(opened).toMatchObject({ ok: true, resultsPath: expect.any(String) });
    expect((await readFile(opened.resultsPath)).includes('computed.json')).toBe(true);
    expect(await iexec('dataset', 'transfer', dataset, '--to', network.accounts.stranger.address, '--force')).toMatchObject({ ok: true });
  }, 120_000);

  test('a request at a limit price, and orders of the books matched by their hashes', async () => {
    const { address: workerpool } = await owner.iexec.workerpool.deployWorkerpool({ owner: owner.address, description: 'fills' });
    const offer = await signWorkerpool(owner, { workerpool, workerpoolprice: 4, category: 0, volume: 1 });
    const pool = await owner.iexec.order.publishWorkerpoolorder(offer);
    const terms = ['--workerpool-price', '4', '--category', '0', '--workerpool', workerpool, '--args', 'hello'];
    const requested = await iexec('app', 'request-execution', app, ...terms, '--force');
    expect(requested).toMatchObject({ ok: true, orderHash: expect.stringMatching(/^0x/) });
    expect(await owner.iexec.orderbook.fetchRequestorder(requested.orderHash)).toMatchObject({ status: 'open', remaining: 1 });
    const orderHash = (await owner.iexec.orderbook.fetchAppOrderbook({ app })).orders[0]?.orderHash ?? '';
    const fill = () => iexec('order', 'fill', '--app', orderHash, '--workerpool', pool, '--request', requested.orderHash, '--force');
    // the command wants a file of orders, and takes none out of it
    await writeFile(join(scratch.path, 'orders.json'), JSON.stringify({ [network.chainId]: {} }));
    const filled = await fill();
    expect(filled, JSON.stringify(filled)).toMatchObject({ ok: true, volume: '1', dealid: expect.stringMatching(/^0x/) });
    expect(await iexec('order', 'show', '--request', requested.orderHash, '--deals')).toMatchObject({
      ok: true,
      requestorder: { deals: { count: 1, lastDeals: [{ dealid: filled.dealid }] } },
    });
    expect(await fill()).toMatchObject({ ok: false, error: { message: expect.stringMatching(/fully consumed|remaining/) } });
  });

  test('refunds of what nobody computed: a whole deal, and one task', async () => {
    const hubOwner = stockClient(network, network.accounts.hubOwner.privateKey);
    const { catid } = await hubOwner.hub.createCategory({ name: 'brief', description: 'ends soon', workClockTimeRef: 1 });
    const category = catid.toNumber();
    const { address: workerpool } = await owner.iexec.workerpool.deployWorkerpool({ owner: owner.address, description: 'idle' });
    const offer = await signWorkerpool(owner, { workerpool, workerpoolprice: 0, category, volume: 2, trust: UNSERVED_TRUST });
    await owner.iexec.order.publishWorkerpoolorder(offer);
    const release = await holdKeeper(network);
    try {
      const [first, second] = [await runIdle(workerpool, category), await runIdle(workerpool, category)];
      const early = await iexec('deal', 'claim', second);
      expect(early).toMatchObject({ ok: false, error: { message: expect.stringContaining('before reaching') } });
      await afterDeadline(second);
      expect(await iexec('deal', 'claim', first)).toMatchObject({ ok: true });
      const taskid = await owner.iexec.deal.computeTaskId(second, 0);
      // a task that nobody has begun is unknown to the chain
      const unknown = await iexec('task', 'claim', taskid);
      expect(unknown).toMatchObject({ ok: false, error: { message: expect.stringContaining('No task found') } });
      expect(await iexec('deal', 'claim', second)).toMatchObject({ ok: true, claimed: { 0: taskid } });
      expect(await iexec('task', 'show', taskid)).toMatchObject({ ok: true, task: { statusName: 'FAILED' }, claimable: false });
      const again = await iexec('task', 'claim', taskid);
      expect(again).toMatchObject({ ok: false, error: { message: 'Cannot claim a task having status FAILED' } });
    } finally {
      await release();
    }
  }, 60_000);

  test('input files by their URLs, and what the pool tells of a task', async () => {
    const stored = new URL(`/ipfs/${await addFile(network, 'an input')}`, network.services.ipfsGatewayURL).href;
    const run = await iexec('app', 'run', app, ...onOurPool(), '--input-files', stored, '--watch', '--force');
    expect(run).toMatchObject({ ok: true, tasks: [{ statusName: 'COMPLETED' }] });
    const debugged = await iexec('task', 'debug', run.tasks[0].taskid);
    expect(debugged).toMatchObject({ ok: true });
  }, 60_000);

  test('what cannot be, in words: other people’s assets and orders, money that is not there, secrets that are not there', async () => {
    const poor = await newcomer(network);
    const asPoor = await stockCommand(join(scratch.path, 'poor'), network, poor);
    const refused = async (words: string, ...args: readonly string[]) =>
      expect(await asPoor(...args), args.join(' ')).toMatchObject({ ok: false, error: { message: expect.stringContaining(words) } });
    await refused('Invalid order signer', 'app', 'publish', app, '--force');
    await refused('Only app owner', 'app', 'transfer', app, '--to', poor.address, '--force');
    await refused('is not allowed to set secret', 'app', 'push-secret', app, '--secret-value', 'theirs');
    // of somebody else's app this command looks for offers with no more bits than it is told
    const tagged = ['--tag', 'tee,tdx', '--force'];
    await refused('No order available for app', 'app', 'run', app, ...onOurPool(), '--force');
    await refused('stake', 'app', 'run', app, ...onOurPool(), ...tagged);
    await refused('Withdraw amount exceed account balance', 'account', 'withdraw', '1');
    await refused('Requester secret "none" is not set', 'app', 'run', app, ...onOurPool(), '--secret', '1=none', ...tagged);
    await refused('scone', 'app', 'run', app, ...onOurPool(), '--tag', 'tee,scone', '--force');
  }, 60_000);
});

const onOurPool = (): string[] => ['--workerpool', network.workerpool ?? '', '--args', network.stockApp?.args ?? ''];

/** Adds sections to iexec.json. */
async function configure(sections: object): Promise<void> {
  const file = join(scratch.path, 'iexec.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...sections }));
}

/** A deal with a pool that nobody serves. @returns its id */
async function runIdle(workerpool: string, category: number): Promise<string> {
  const run = await iexec(
    'app',
    'run',
    app,
    '--workerpool',
    workerpool,
    '--category',
    `${category}`,
    '--trust',
    `${UNSERVED_TRUST}`,
    '--force',
  );
  expect(run).toMatchObject({ ok: true });
  return run.deals[0].dealid;
}

/** The client looks at its own clock, the contracts at that of the latest block. */
async function afterDeadline(dealid: string): Promise<void> {
  const finalTime = (await owner.iexec.deal.show(dealid)).finalTime.toNumber();
  await until('The deadline', async () => {
    const block = (await callRpc(network.rpcUrl, 'eth_getBlockByNumber', ['latest', false])) as { readonly timestamp: string };
    return Number(block.timestamp) >= finalTime && Date.now() / 1000 > finalTime;
  });
}
