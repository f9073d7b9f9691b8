import { type Assignment, authorizeEnclave, enclaveApprovalHash, nextWork, type ReplicateReport, reportReplicate } from '@gleaner/api';
import { longPoll, registerEndpoint } from '@gleaner/api/server';
import { type Address, type Cid, GleanerError, type Hex, isGleanerError, isReasonCode, type TaskId } from '@gleaner/primitives';
import { executionLimits, isUploading } from '@gleaner/protocol';
import {
  findPoolTask,
  findReplicate,
  listOpenReplicatesOfWorker,
  listReplicates,
  type PoolTaskRow,
  putTaskLog,
  type ReplicateRow,
  reportReplicate as recordReport,
  touchWorker,
  wakeTasks,
} from '@gleaner/store';
import type { FastifyInstance } from 'fastify';
import { recoverMessageAddress } from 'viem';
import { directiveOf } from '../domain/directiveOf.ts';
import type { Pool } from '../pool.ts';
import { authenticateWorker } from './registerWorkerRoutes.ts';
import { unknownTask } from './unknownTask.ts';

/** Work out to workers, reports in. */
export function registerReplicateRoutes(server: FastifyInstance, pool: Pool): void {
  const authenticate = authenticateWorker(pool);

  registerEndpoint(
    server,
    nextWork,
    async ({ identity, body, signal }) => {
      await touchWorker(pool.store.db, identity.wallet);
      pool.signals.emit('due');
      const assignment = await longPoll({
        find: () => findWork(pool, identity.wallet, new Set(body.holding)),
        waitMs: body.waitMs,
        signal,
        wake: (listener) => pool.signals.on('offer', listener),
      });
      return assignment === undefined ? {} : { assignment };
    },
    { authenticate },
  );

  registerEndpoint(
    server,
    authorizeEnclave,
    async ({ identity, params: { taskId }, body, signal }) => ({
      authorization: await authorizeApproved(pool, identity.wallet, taskId, body, signal),
    }),
    { authenticate },
  );

  registerEndpoint(
    server,
    reportReplicate,
    async ({ identity, params: { taskId }, body }) => {
      const answer = await record(pool, identity.wallet, taskId, body);
      if (answer === undefined) throw notGiven(taskId, identity.wallet);
      if (body.logs !== undefined) await putTaskLog(pool.store.db, { taskId, worker: identity.wallet, ...body.logs });
      const replicate = body.status === 'revealing' ? await askForEarlyUpload(pool, answer.replicate) : answer.replicate;
      await wakeTasks(pool.store.db, [taskId]);
      pool.signals.emit('due');
      return directiveOf(taskId, replicate);
    },
    { authenticate },
  );
}

/** Statuses of a replicate whose worker has not contributed yet: until then it may come with another enclave. */
const BEFORE_CONTRIBUTION: ReadonlySet<ReplicateRow['status']> = new Set([
  'accepted',
  'downloading',
  'computing',
  'computed',
  'contributing',
]);

/** @throws {GleanerError} task-not-found, forbidden once the worker has contributed, unauthorized without the approval, enclave-not-allowed */
async function authorizeApproved(pool: Pool, worker: Address, taskId: TaskId, approved: Approved, signal: AbortSignal): Promise<Hex> {
  const replicate = await findReplicate(pool.store.db, taskId, worker);
  if (replicate === undefined) throw notGiven(taskId, worker);
  if (!BEFORE_CONTRIBUTION.has(replicate.status))
    throw new GleanerError(
      'forbidden',
      `The replicate of ${worker} is ${replicate.status}; enclaves are authorised before the contribution`,
      {
        details: { taskId, worker },
      },
    );
  const { enclave, approval } = approved;
  const approver = await pool.enclaves.approver(signal);
  const raw = enclaveApprovalHash({ taskId, worker, enclave });
  const signer = await recoverMessageAddress({ message: { raw }, signature: approval }).catch(() => undefined);
  if (signer === undefined || signer !== approver.address)
    throw new GleanerError('unauthorized', `The approval of enclave ${enclave} is not by the secret service ${approver.address}`, {
      details: { taskId, enclave },
    });
  pool.log.info({ taskId, worker, enclave, simulated: !approver.hardware }, 'enclave.authorised');
  const { dealId } = await taskOf(pool, taskId);
  return await (await pool.pools.chainOf(dealId)).authorize(worker, taskId, enclave);
}

async function taskOf({ store }: Pool, taskId: TaskId): Promise<PoolTaskRow> {
  const task = await findPoolTask(store.db, taskId);
  if (task !== undefined) return task;
  throw unknownTask(taskId);
}

function notGiven(taskId: TaskId, worker: Address): GleanerError {
  return new GleanerError('task-not-found', `Task ${taskId} was not given to ${worker}`, { details: { taskId, worker } });
}

interface Approved {
  readonly enclave: Address;
  readonly approval: Hex;
}

/** A reveal that is reported while the archive already travels does not send the replicate back. */
async function record(pool: Pool, worker: Address, taskId: TaskId, body: ReplicateReport) {
  if (body.status === 'revealed') {
    const current = await findReplicate(pool.store.db, taskId, worker);
    if (current !== undefined && isUploading(current.status)) return { outcome: 'repeated', replicate: current };
  }
  return await recordReport(pool.store.db, { taskId, worker, status: body.status, ...reportColumns(body) });
}

function reportColumns({ failure, exitCode, resultCid }: ReplicateReport) {
  return {
    ...(failure === undefined
      ? {}
      : {
          failureCode: isReasonCode(failure.code) ? failure.code : ('sandbox-crashed' as const),
          failureMessage: failure.message,
          deterministic: failure.deterministic,
        }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(resultCid === undefined ? {} : { resultCid: resultCid as Cid }),
  };
}

/** The first winner to reveal is asked for the archive at once, so that it travels while the reveals are mined. */
async function askForEarlyUpload(pool: Pool, replicate: ReplicateRow): Promise<ReplicateRow> {
  const others = await listReplicates(pool.store.db, [replicate.taskId]);
  if (replicate.status !== 'revealing' || others.some(({ status }) => status === 'uploading' || status === 'uploaded')) return replicate;
  const asked = await recordReport(pool.store.db, { taskId: replicate.taskId, worker: replicate.worker, status: 'uploading' });
  return asked?.replicate ?? replicate;
}

/**
 * The oldest replicate this worker was offered and does not hold yet; taking it marks it accepted. One that the key may not sign for at the
 * moment is left for later and keeps no other work back.
 */
async function findWork(pool: Pool, wallet: Address, holding: ReadonlySet<TaskId>): Promise<Assignment | undefined> {
  for (const { taskId, status } of await listOpenReplicatesOfWorker(pool.store.db, wallet)) {
    if ((status !== 'offered' && status !== 'accepted') || holding.has(taskId)) continue;
    const assignment = await assign(pool, wallet, taskId);
    if (assignment !== undefined) return assignment;
  }
  return undefined;
}

async function assign(pool: Pool, wallet: Address, taskId: TaskId): Promise<Assignment | undefined> {
  const task = await findPoolTask(pool.store.db, taskId);
  if (task === undefined) return undefined;
  const { dealId, index, timeref } = task;
  const chain = await pool.pools.chainOf(dealId).catch(unlessForbidden);
  if (chain === undefined) return undefined;
  const authorization = await chain.authorize(wallet, taskId);
  await recordReport(pool.store.db, { taskId, worker: wallet, status: 'accepted' });
  return { taskId, dealId, index: Number(index), authorization, limits: executionLimits(timeref) };
}

function unlessForbidden(error: unknown): undefined {
  if (!isGleanerError(error) || error.code !== 'forbidden') throw error;
}
