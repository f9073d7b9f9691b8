import { closeEnclaveSession, createEnclaveChallenge, getEnclaveTerms, openEnclaveSession } from '@gleaner/api';
import { type HttpServer, registerEndpoint } from '@gleaner/api/server';
import { SIMULATED } from '@gleaner/protocol';
import type { Logger } from 'pino';
import { closeSession } from '../closeSession.ts';
import { newNonce } from '../domain/enclaveNonce.ts';
import { type EnclaveDeps, openSession } from '../openSession.ts';

/** The way of an enclave to the secrets of its task. */
export function registerEnclaveRoutes(server: HttpServer, deps: EnclaveDeps & { readonly log: Logger }): void {
  const { attestation, developmentEnclaves, keys, clock, random, log } = deps;
  registerEndpoint(server, getEnclaveTerms, async () => ({
    ok: true,
    approver: keys.approver.address,
    kinds: [...attestation.kinds],
    hardware: !developmentEnclaves,
    ...(developmentEnclaves ? { notice: SIMULATED } : {}),
  }));
  registerEndpoint(server, createEnclaveChallenge, async ({ body }) => ({
    ok: true,
    ...newNonce(keys.nonces, body, { nowMs: clock.nowMs(), random }),
  }));
  registerEndpoint(server, openEnclaveSession, async ({ body }) => {
    const session = await openSession(deps, body);
    const { enclave, hardware, notice } = session;
    log.info({ taskId: body.taskId, worker: body.worker, enclave, hardware, notice }, 'secrets.released');
    return { ok: true, ...session };
  });
  registerEndpoint(server, closeEnclaveSession, async ({ body }) => {
    const answerKey = await closeSession(deps, body);
    const { taskId, worker, enclave } = body;
    const notice = developmentEnclaves ? { notice: SIMULATED } : {};
    log.info({ taskId, worker, enclave, ...notice }, 'enclave.closed');
    return { ok: true, enclave, answerKey, ...notice };
  });
}
