import { createHash, randomBytes } from 'node:crypto';
import { pingWorker, registerWorker, workerChallenge, workerLogin } from '@gleaner/api';
import { type Authenticate, registerEndpoint } from '@gleaner/api/server';
import { type Address, GleanerError } from '@gleaner/primitives';
import { REPLICATE_PROGRESS } from '@gleaner/protocol';
import {
  consumeChallenge,
  findChallenge,
  findWorkerBySession,
  issueChallenge,
  listReplicates,
  putWorkerSession,
  type ReplicateRow,
  registerWorker as recordWorker,
  reportReplicate,
  touchWorker,
  type WorkerRow,
  wakeTasks,
} from '@gleaner/store';
import type { FastifyInstance } from 'fastify';
import { verifyMessage } from 'viem';
import { directiveOf } from '../domain/directiveOf.ts';
import type { Pool } from '../pool.ts';

const PING_MS = 3_000;
const CHALLENGE_MS = 5 * 60_000;
const SESSION_MS = 24 * 3_600_000;

/** Login, registration and heartbeat of workers. */
export function registerWorkerRoutes(server: FastifyInstance, pool: Pool): void {
  const { store, workerpool } = pool;
  const scope = `scheduler/${workerpool.toLowerCase()}`;
  const authenticate = authenticateWorker(pool);

  registerEndpoint(server, workerChallenge, async ({ query: { wallet } }) => {
    const fresh = `Gleaner scheduler login\npool: ${workerpool.toLowerCase()}\nwallet: ${wallet.toLowerCase()}\nnonce: ${randomBytes(24).toString('hex')}`;
    return { challenge: await issueChallenge(store.db, { scope, address: wallet, fresh, ttlMs: CHALLENGE_MS }) };
  });

  registerEndpoint(server, workerLogin, async ({ body: { wallet, signature } }) => {
    const challenge = await findChallenge(store.db, { scope, address: wallet });
    const signed = challenge !== undefined && (await verifyMessage({ address: wallet, message: challenge, signature }).catch(() => false));
    if (!signed || !(await consumeChallenge(store.db, { scope, address: wallet, challenge }))) {
      throw new GleanerError('unauthorized', `The signature is not by ${wallet} over its current challenge`, { details: { wallet } });
    }
    const token = randomBytes(32).toString('base64url');
    await putWorkerSession(store.db, { wallet, workerpool, tokenHash: hashToken(token), ttlMs: SESSION_MS });
    return { token };
  });

  registerEndpoint(
    server,
    registerWorker,
    async ({ identity, body }) => {
      await recordWorker(store.db, { ...body, wallet: identity.wallet, workerpool, memoryBytes: BigInt(body.memoryBytes) });
      pool.log.info({ wallet: identity.wallet, name: body.name, slots: body.slots }, 'worker.registered');
      pool.signals.emit('due');
      return { pingMs: PING_MS, workerpool };
    },
    { authenticate },
  );

  registerEndpoint(
    server,
    pingWorker,
    async ({ identity, body: { holding } }) => {
      if (!(await touchWorker(store.db, identity.wallet))) throw new GleanerError('unauthorized', 'Log in again');
      const rows = (await listReplicates(store.db, holding)).filter(({ worker }) => worker === identity.wallet);
      const known = new Map((await Promise.all(rows.map((row) => revive(pool, row)))).map((row) => [row.taskId, row]));
      return { directives: holding.map((taskId) => directiveOf(taskId, known.get(taskId))).filter(({ action }) => action !== 'continue') };
    },
    { authenticate },
  );
}

/** A replicate that was given up for lost and is held by its worker after all goes on where it was. */
async function revive(pool: Pool, replicate: ReplicateRow): Promise<ReplicateRow> {
  if (replicate.status !== 'lost') return replicate;
  const { taskId, worker } = replicate;
  const status = REPLICATE_PROGRESS.findLast((stage) => replicate.stages[stage] !== undefined) ?? 'accepted';
  const answer = await reportReplicate(pool.store.db, { taskId, worker, status });
  await wakeTasks(pool.store.db, [taskId]);
  return answer?.replicate ?? replicate;
}

/** The worker of a session token. */
export function authenticateWorker({ store }: Pool): Authenticate<WorkerRow & { wallet: Address }> {
  return async (token) => {
    const worker = await findWorkerBySession(store.db, hashToken(token));
    if (worker === undefined) throw new GleanerError('unauthorized', 'The session is unknown or has ended; log in again');
    return worker;
  };
}

const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
