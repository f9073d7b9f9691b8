import { createHash } from 'node:crypto';
import { enclaveApprovalHash } from '@gleaner/api';
import { createServer } from '@gleaner/api/server';
import { type Address, GleanerError, type Hex } from '@gleaner/primitives';
import { taskId } from '@gleaner/protocol';
import {
  insertPoolTasks,
  offerReplicate,
  openStore,
  putDeals,
  putWorkerSession,
  registerWorker,
  reportReplicate,
  type Store,
} from '@gleaner/store';
import { pino } from 'pino';
import { getAddress } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerReplicateRoutes } from '../src/http/registerReplicateRoutes.ts';
import { type Pool, PoolSignals } from '../src/pool.ts';
import type { Approver } from '../src/ports.ts';
import { aDeal, aWorker, WORKER, WORKERPOOL } from './rows.ts';

const TOKEN = 'session';
const ENCLAVE: Address = getAddress(`0x${'c3'.repeat(20)}`);
const TASK = taskId(aDeal().dealId, 0n);
const service = privateKeyToAccount(generatePrivateKey());

let store: Store;
beforeAll(async () => {
  store = await openStore({ memory: true });
  const { dealId, trust, category } = aDeal();
  await putDeals(store.db, [aDeal()]);
  const task = { dealId, taskId: TASK, index: 0n, workerpool: WORKERPOOL, trust, category, timeref: 300n };
  await insertPoolTasks(store.db, [{ ...task, contributionDeadline: 10_000n, finalDeadline: 20_000n }]);
  const tokenHash = createHash('sha256').update(TOKEN).digest('hex');
  await putWorkerSession(store.db, { wallet: WORKER, workerpool: WORKERPOOL, tokenHash, ttlMs: 60_000 });
  await registerWorker(store.db, aWorker({ kinds: ['wasi', 'dev-enclave'] }));
});
afterAll(() => store?.close());

test('an enclave is authorised by the approval of the secret service alone, for the worker that has the task and has not contributed', async () => {
  const { ask, authorized } = await openPool();
  const approval = await approve();
  expect(await ask({ approval })).toMatchObject({ status: 404, body: { code: 'task-not-found' } });
  await offerReplicate(store.db, { taskId: TASK, worker: WORKER, generation: 0 });
  expect(await ask({ approval })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  await reportReplicate(store.db, { taskId: TASK, worker: WORKER, status: 'computing' });

  const stranger = privateKeyToAccount(generatePrivateKey());
  const wrong = [
    await approve({ by: stranger }),
    await approve({ enclave: WORKERPOOL }),
    await approve({ worker: WORKERPOOL }),
    '0x' as Hex,
  ];
  for (const forged of wrong) expect(await ask({ approval: forged })).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  expect(await ask({ approval, token: 'another' })).toMatchObject({ status: 401 });
  expect(authorized).toEqual([]);

  expect(await ask({ approval })).toEqual({ status: 200, body: { authorization: '0x5e' } });
  const second = getAddress(`0x${'c4'.repeat(20)}`);
  expect(await ask({ enclave: second, approval: await approve({ enclave: second }) })).toMatchObject({ status: 200 });
  expect(authorized).toEqual([ENCLAVE, second]);

  await reportReplicate(store.db, { taskId: TASK, worker: WORKER, status: 'contributed' });
  expect(await ask({ approval })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
});

test('no enclave is authorised where the pool finds its kind not allowed', async () => {
  const { ask, authorized } = await openPool(async () => {
    throw new GleanerError('enclave-not-allowed', 'not here');
  });
  await store.db.updateTable('replicate').set({ status: 'computing' }).execute();
  expect(await ask({ approval: await approve() })).toMatchObject({ status: 403, body: { code: 'enclave-not-allowed' } });
  expect(authorized).toEqual([]);
});

function approve({ by = service, enclave = ENCLAVE, worker = WORKER } = {}): Promise<Hex> {
  return by.signMessage({ message: { raw: enclaveApprovalHash({ taskId: TASK, worker, enclave }) } });
}

async function openPool(approver: () => Promise<Approver> = async () => ({ address: service.address, hardware: false })) {
  const authorized: Address[] = [];
  const server = await createServer({ name: 'scheduler', log: pino({ level: 'silent' }) });
  const pool = {
    store,
    log: pino({ level: 'silent' }),
    signals: new PoolSignals(),
    enclaves: { approver },
    pools: {
      chainOf: async () => ({
        authorize: async (_worker: Address, _task: Hex, enclave: Address) => {
          authorized.push(enclave);
          return '0x5e';
        },
      }),
    },
  } as unknown as Pool;
  registerReplicateRoutes(server, pool);
  const ask = async ({ enclave = ENCLAVE, approval, token = TOKEN }: { enclave?: Address; approval: Hex; token?: string }) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await server.inject({ method: 'POST', url: `/replicates/${TASK}/enclave`, headers, payload: { enclave, approval } });
    return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
  };
  return { ask, authorized };
}
