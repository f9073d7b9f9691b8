import { hubAbi } from '@gleaner/abi';
import { type Chain, createChain, createDataset, createSender, manageOrder, type Sender } from '@gleaner/chain';
import { type Address, type DealId, GleanerError, ZERO_ADDRESS } from '@gleaner/primitives';
import {
  BULK_VOLUME,
  type DatasetOrder,
  encodeSignedOrder,
  formatTag,
  MAX_DATASETS_PER_TASK,
  orderDomain,
  orderTypedData,
  type Signed,
  tagFromBits,
} from '@gleaner/protocol';
import { startTestChain, type TestMarket } from '@gleaner/testkit';
import { getAddress, type LocalAccount } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChainFacts } from '../src/adapters/chainFacts.ts';
import type { ChainFacts, TaskFacts } from '../src/ports.ts';
import { readBulk } from '../src/readBulk.ts';
import { makeDeal, type TestDeal } from './testDeal.ts';
import { CONTENT } from './testSecrets.ts';

const INDEX = `Qm${'a'.repeat(44)}`;
const SLICES = [`Qm${'b'.repeat(44)}`, `Qm${'c'.repeat(44)}`] as const;
/** Any address may be named, also one that answers calls in its own way. */
const PRECOMPILED = getAddress(`0x${'9'.padStart(40, '0')}`);
const PARTIES = ['requester', 'appOwner', 'datasetOwner', 'workerpoolOwner', 'stranger'] as const;

let market: TestMarket;
let chain: Chain;
let senders: Readonly<Record<(typeof PARTIES)[number], Sender>>;
let facts: ChainFacts;
let deal: TestDeal;
let task: TaskFacts;
let dataset: Address;
let other: Address;

beforeAll(async () => {
  market = await startTestChain({ workers: 0 });
  const { rpcUrl, hubAddress, accounts } = market;
  chain = createChain({ rpcUrl, hubAddress });
  const senderOf = (party: (typeof PARTIES)[number]) =>
    [party, createSender({ chain, account: privateKeyToAccount(accounts[party].privateKey) })] as const;
  senders = Object.fromEntries(PARTIES.map(senderOf)) as typeof senders;
  facts = createChainFacts(chain);
  deal = await makeDeal({ senders, testChain: market } as never, { params: JSON.stringify({ bulk_cid: INDEX }), withDataset: false });
  task = (await facts.findTask(deal.taskId)) as TaskFacts;
  dataset = deal.dataset;
  ({ address: other } = await createDataset(senders.datasetOwner, { name: 'another', ...CONTENT }));
});
afterAll(async () => {
  for (const sender of Object.values(senders ?? {})) sender.close();
  await market?.close();
});

describe('the orders of a slice', () => {
  test('that allow the task give its data sets, in their order; of other slices nothing', async () => {
    const [one, two] = [await sign({}), await sign({ dataset: other, apprestrict: deal.app, requesterrestrict: task.deal.requester })];
    for (const order of [one, two]) expect(await contractRefusal(order, deal.dealId)).toBeUndefined();
    expect((await read([[two, one], [one]])).map(({ id, checksum }) => [id.owner, checksum])).toEqual([
      [other, CONTENT.checksum],
      [dataset, CONTENT.checksum],
    ]);
    expect(await read([[two, one], [one]], { index: 1n })).toHaveLength(1);
    await expect(read([[two, one], [one]], { index: 2n })).rejects.toMatchObject({ code: 'bulk-invalid', details: { taskIndex: 2n } });
  });

  test.each<readonly [string, string, () => Promise<Signed<DatasetOrder>>, string | undefined]>([
    ['of somebody else', 'invalid-signature', () => sign({}, 'stranger'), 'Invalid dataset order signature'],
    ['of another chain', 'invalid-signature', () => sign({}, 'datasetOwner', { chainId: 1 }), 'Invalid dataset order signature'],
    ['of another hub', 'invalid-signature', () => sign({}, 'datasetOwner', { hubAddress: deal.app }), 'Invalid dataset order signature'],
    [
      'altered after signing',
      'invalid-signature',
      async () => ({ ...(await sign({})), volume: BULK_VOLUME }),
      'Invalid dataset order signature',
    ],
    ['with a signature of no known form', 'invalid-signature', async () => ({ ...(await sign({})), sign: '0x1234' }), undefined],
    ['with a price', 'price-not-zero', () => sign({ datasetprice: 1n }), undefined],
    ['for a number of tasks', 'volume-not-unlimited', () => sign({ volume: 1n }), undefined],
    ['for another app', 'app-restricted', () => sign({ apprestrict: other }), 'App restriction not satisfied'],
    ['for another pool', 'workerpool-restricted', () => sign({ workerpoolrestrict: other }), 'Workerpool restriction not satisfied'],
    ['for another requester', 'requester-restricted', () => sign({ requesterrestrict: other }), 'Requester restriction not satisfied'],
    ['for graphics processors', 'tag-not-met', () => sign({ tag: formatTag(['tee', 'gpu']) }), 'Tag compatibility not satisfied'],
    ['of a precompiled contract', 'not-registered', () => sign({ dataset: PRECOMPILED }), undefined],
    ['for a precompiled contract', 'app-restricted', () => sign({ apprestrict: PRECOMPILED }), undefined],
    ['of an app in place of a data set', 'not-registered', () => sign({ dataset: deal.app }, 'appOwner'), undefined],
    ['of nothing', 'not-registered', () => sign({ dataset: getAddress(`0x${'12'.repeat(20)}`) }), undefined],
    [
      'cancelled on chain',
      'consumed-or-cancelled',
      async () => {
        const order = await sign({ salt: tagFromBits(77n) });
        await manageOrder(senders.datasetOwner, { kind: 'dataset', order, operation: 'close' });
        return order;
      },
      'Dataset order is revoked or fully consumed',
    ],
  ])('with one %s are refused: %s, as the contract says where it looks', async (_, rule, make, contract) => {
    const order = await make();
    const good = await sign({ dataset: other });
    await expect(read([[good, order]])).rejects.toMatchObject({
      code: 'bulk-order-refused',
      details: { dataset: order.dataset, position: 1, rules: expect.stringContaining(rule) },
    });
    if (contract !== undefined) expect(await contractRefusal(order, deal.dealId)).toBe(contract);
  });

  test('count for a presigned order too, and no longer for the old owner of a data set that was given away', async () => {
    const order = { ...(await sign({ salt: tagFromBits(5n) })), sign: '0x' as const };
    await expect(read([[order]])).rejects.toMatchObject({ code: 'bulk-order-refused' });
    await manageOrder(senders.datasetOwner, { kind: 'dataset', order, operation: 'sign' });
    expect(await read([[order]])).toHaveLength(1);
    const { address: given } = await createDataset(senders.datasetOwner, { name: 'given away', ...CONTENT });
    const ofOld = await sign({ dataset: given });
    expect(await read([[ofOld]])).toHaveLength(1);
    await give(given, senders.stranger.address);
    await expect(read([[ofOld]])).rejects.toMatchObject({ code: 'bulk-order-refused', details: { rules: 'invalid-signature' } });
    expect(await read([[await sign({ dataset: given }, 'stranger')]])).toHaveLength(1);
  });

  test('do not count for a deal that has a data set of its own', async () => {
    const withDataset = { ...task, deal: { ...task.deal, dataset: { pointer: other, owner: ZERO_ADDRESS, price: 0n } } };
    await expect(read([[await sign({})]], withDataset)).rejects.toMatchObject({ details: { rules: 'deal-has-dataset' } });
  });
});

describe('the files of a bulk', () => {
  test.each<readonly [string, string, () => GleanerError]>([
    ['a folder', 'bulk-invalid', () => new GleanerError('bad-request', 'is a folder')],
    ['a file without end', 'bulk-invalid', () => new GleanerError('content-too-large', 'too large')],
    ['content that nobody has', 'content-not-found', () => new GleanerError('content-not-found', 'nobody has it')],
  ])('that are %s give %s', async (_, code, failure) => {
    const readContent = async () => Promise.reject(failure());
    await expect(readBulk({ facts, readContent }, INDEX, task)).rejects.toMatchObject({ code });
  });

  test('are not asked for under a name that is no content id, and not at all without a store', async () => {
    const readContent = async () => expect.unreachable();
    await expect(readBulk({ facts, readContent }, '../../etc/passwd', task)).rejects.toMatchObject({ code: 'bulk-invalid' });
    await expect(readBulk({ facts }, INDEX, task)).rejects.toMatchObject({ code: 'service-unreachable' });
  });

  test.runIf(process.env['GLEANER_DEEP'])('of the largest slice are checked within seconds, whatever is in it', async () => {
    const order = await sign({});
    const many = Array.from({ length: MAX_DATASETS_PER_TASK }, (_, position) => ({
      ...order,
      dataset: getAddress(`0x${(position + 1).toString(16).padStart(40, '0')}`),
      apprestrict: getAddress(`0x${'77'.repeat(20)}`),
    }));
    const started = performance.now();
    await expect(read([many])).rejects.toMatchObject({ code: 'bulk-order-refused', details: { position: 0 } });
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

/** What the secret service makes of a bulk with these slices. */
function read(slices: readonly (readonly Signed<DatasetOrder>[])[], change: Partial<TaskFacts> = {}) {
  const wire = slices.map((orders) => orders.map((order) => encodeSignedOrder('dataset', order)));
  const files = new Map<string, unknown>([
    [INDEX, SLICES.slice(0, slices.length)],
    ...wire.map((orders, at) => [SLICES[at] ?? '', orders] as const),
  ]);
  const readContent = async (cid: string) => new TextEncoder().encode(JSON.stringify(files.get(cid)));
  return readBulk({ facts, readContent }, INDEX, { ...task, ...change });
}

/** An order for bulks, with these changes, signed by this party for this chain and hub. */
async function sign(
  change: Partial<DatasetOrder>,
  party: keyof typeof senders = 'datasetOwner',
  domain: Partial<Parameters<typeof orderDomain>[0]> = {},
): Promise<Signed<DatasetOrder>> {
  const restrictions = { apprestrict: ZERO_ADDRESS, workerpoolrestrict: ZERO_ADDRESS, requesterrestrict: ZERO_ADDRESS };
  const terms = { datasetprice: 0n, volume: BULK_VOLUME + 1n, tag: formatTag(['tee']), salt: tagFromBits(1n) };
  const order: DatasetOrder = { dataset, ...terms, ...restrictions, ...change };
  const { chainId, hubAddress } = market;
  const typedData = orderTypedData('dataset', order, orderDomain({ chainId, hubAddress, ...domain }));
  const { account } = senders[party];
  return { ...order, sign: await account.signTypedData(typedData as Parameters<LocalAccount['signTypedData']>[0]) };
}

/** The reason for which the contract finds the order incompatible with the deal; undefined when it does not. */
async function contractRefusal(order: Signed<DatasetOrder>, dealId: DealId): Promise<string | undefined> {
  const { hubAddress: address } = market;
  const call = { address, abi: hubAbi, functionName: 'assertDatasetDealCompatibility', args: [order, dealId] } as const;
  return await chain.client.readContract(call).then(
    () => undefined,
    (error: { walk(is: (cause: unknown) => boolean): { data?: { args?: readonly string[] } } }) =>
      error.walk((cause) => (cause as { data?: unknown }).data !== undefined).data?.args?.[0],
  );
}

async function give(asset: Address, to: Address): Promise<void> {
  const { registries } = market;
  const abi = [
    {
      type: 'function',
      name: 'transferFrom',
      stateMutability: 'nonpayable',
      inputs: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'tokenId', type: 'uint256' },
      ],
      outputs: [],
    },
  ] as const;
  const args = [senders.datasetOwner.address, to, BigInt(asset)] as const;
  await senders.datasetOwner.send({ to: registries.dataset, abi, functionName: 'transferFrom', args });
}
