import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listOrders } from '@gleaner/api';
import { findOperator, type OperatorInfo, readPoolOwner } from '@gleaner/chain';
import { accountFromKey, readKeyFile } from '@gleaner/keys';
import { type Address, invariant, type OrderHash } from '@gleaner/primitives';
import { createGleaner, createWorkerpoolOrder, type NetworkDescription, publishOrder, quoteRun, signOrder } from '@gleaner/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goMoveWasm } from '../src/clone.ts';
import { runGleaner } from '../src/runCommand.ts';
import { startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import { until } from '../src/until.ts';

const OWNER = ['--as', 'workerpoolOwner'];

let net: TestNetwork;
let taskId: string;
beforeAll(async () => {
  net = await startTestNetwork({ workers: 3, poolOperator: true });
});
afterAll(() => net?.close());

test('a pool behind an operator completes tasks, and goes on when the key of its agent is lost', async () => {
  const before = await operatorOfPool();
  expect(before).toMatchObject({ owner: net.address('workerpoolOwner'), agent: await agentKey() });
  taskId = await completeTask();

  const former = await openOffers();
  expect(former.length).toBeGreaterThan(0);
  await net.stop();
  await rm(agentFile());
  await net.up();

  const after = await operatorOfPool();
  expect(after).toEqual({ ...before, agent: await agentKey() });
  expect(after.agent).not.toBe(before.agent);
  await until('Offers of the new agent alone', async () => {
    const offers = await openOffers();
    return offers.length > 0 && offers.every((hash) => !former.includes(hash));
  });
  await completeTask();
});

test('the receipt of its task says that a contract answered, and what was left unchecked', async () => {
  const file = join(net.dataDir, 'receipt.json');
  expect(await net.gleaner(['task', 'receipt', taskId, '--out', file])).toMatchObject({ exitCode: 0 });
  const { exitCode, value } = await runGleaner(['verify', file]);
  expect({ exitCode, value }).toMatchObject({ exitCode: 0, value: { accepted: true, rules: { verdict: 'passed' } } });
  expect(JSON.stringify(value.signatures)).toContain('answers for it');
});

test('the command creates, shows, changes and takes apart a pool with an operator', async () => {
  const key = join(net.dataDir, 'scheduler.key');
  const created = await command('create', '--description', 'shop', '--agent-key', key, '--price-floor', '0.5', '--stake', '3');
  const pool: Address = created.workerpool;
  const { operator } = created.operator;
  const agent = accountFromKey(await readKeyFile(key)).address;
  expect(created).toMatchObject({ escrowFree: '3000000000', operator: { agent, priceFloor: '500000000' } });
  expect(await command('rotate', pool, '--agent', 'stranger')).toMatchObject({ operator: { agent: net.address('stranger') } });
  expect(await command('floor', pool, '2')).toMatchObject({ operator: { priceFloor: '2000000000' } });
  expect(await command('deposit', pool, '1')).toMatchObject({ escrowFree: '4000000000' });
  expect(await command('withdraw', pool, '4')).toMatchObject({ escrowFree: '0' });
  const foreign = await net.gleaner(['workerpool', 'rotate', pool, '--agent', 'requester', '--as', 'stranger']);
  expect(foreign).toMatchObject({ exitCode: 1, value: { code: 'forbidden' } });
  expect(await command('transfer', pool, 'requester')).toMatchObject({ owner: net.address('requester') });
  expect(await findOperator(net.as('requester').chain, operator)).toMatchObject({ owner: net.address('workerpoolOwner') });
});

test('the scheduler takes up another pool of its agent while it runs', async () => {
  const agent = accountFromKey(await readKeyFile(agentFile()));
  const created = await command('create', '--description', 'annex', '--agent', agent.address, '--price-floor', '0.5', '--stake', '300');
  const pool: Address = created.workerpool;
  const run = ['run', goMoveWasm, '--workerpool', pool, '--yes', '--', '--size', '9'];
  expect((await net.gleaner(run)).exitCode).not.toBe(0);
  expect(await command('serve', pool)).toMatchObject({ signsAs: 'operator', todo: [{ code: 'publish-order' }] });
  const gleaner = createGleaner({ network: net.network as NetworkDescription, account: agent, operator: created.operator.operator });
  const order = createWorkerpoolOrder({ workerpool: pool, category: 0n, trust: 100n, volume: 10n, price: 600_000_000n });
  await publishOrder(gleaner, 'workerpool', await signOrder(gleaner, 'workerpool', order));
  gleaner.close();
  const { exitCode, value } = await net.gleaner(run);
  expect({ exitCode, value }).toMatchObject({ exitCode: 0, value: { ok: true, status: 'COMPLETED' } });
  expect(await command('serve', pool)).toMatchObject({ todo: [] });
});

test('a pool that is held directly has no operator, and names no agent', async () => {
  const held = await command('create', '--description', 'held', '--direct');
  expect(held).toMatchObject({ owner: net.address('workerpoolOwner') });
  expect(held.operator).toBeUndefined();
  const refused = await net.gleaner(['workerpool', 'rotate', held.workerpool, '--agent', 'stranger', ...OWNER]);
  expect(refused).toMatchObject({ exitCode: 2, value: { code: 'bad-request' } });
  expect(await net.gleaner(['workerpool', 'create', '--description', 'nobody', ...OWNER])).toMatchObject({
    value: { code: 'bad-request' },
  });
});

test('an offer for nothing by a pool that serves enclaves alone does not keep a run from the next one', async () => {
  const { workerpool } = await command('create', '--description', 'idle', '--direct', '--stake', '1');
  const owner = net.as('workerpoolOwner');
  const offer = createWorkerpoolOrder({ workerpool, category: 0n, trust: 100n, volume: 10n, price: 0n });
  await publishOrder(owner, 'workerpool', await signOrder(owner, 'workerpool', offer));
  expect((await quoteRun(net.as('requester'), { tasks: 1n, trust: 2n, category: 0n })).workerpool).not.toBe(workerpool);
  const idle = quoteRun(net.as('requester'), { tasks: 1n, trust: 2n, category: 0n, workerpool });
  await expect(idle).rejects.toMatchObject({ code: 'no-matching-order' });
});

async function completeTask(): Promise<string> {
  const { exitCode, value } = await net.gleaner(['run', goMoveWasm, '--yes', '--', '--size', '9']);
  expect({ exitCode, value }).toMatchObject({ exitCode: 0, value: { ok: true, status: 'COMPLETED' } });
  return value.tasks[0].taskId;
}

async function command(...args: readonly string[]) {
  const { exitCode, value } = await net.gleaner(['workerpool', ...args, ...OWNER]);
  expect({ exitCode, value }).toMatchObject({ exitCode: 0, value: { ok: true } });
  return value;
}

async function operatorOfPool(): Promise<OperatorInfo> {
  const { operator } = await readPoolOwner(net.as('requester').chain, net.workerpool);
  invariant(operator, 'The pool of the network has an operator');
  return operator;
}

async function openOffers(): Promise<OrderHash[]> {
  const gleaner = net.as('requester');
  const query = { chainId: gleaner.network.chainId, workerpool: net.workerpool };
  return (await gleaner.market.call(listOrders.workerpool, { query })).orders.map(({ orderHash }) => orderHash);
}

const agentFile = (): string => join(net.dataDir, 'keys', 'poolAgent');
const agentKey = async (): Promise<Address> => accountFromKey(await readKeyFile(agentFile())).address;
