import { findWorkerpoolApi, getWorkerpoolStatus, listWorkerpools, type ServedDeals, serveWorkerpool } from '@gleaner/api';
import { type Authenticate, registerEndpoint } from '@gleaner/api/server';
import { type Address, GleanerError } from '@gleaner/primitives';
import { SIMULATED_ENCLAVE } from '@gleaner/protocol';
import { countPoolTasksByState, listOnlineWorkers } from '@gleaner/store';
import type { FastifyInstance } from 'fastify';
import { isAddressEqual } from 'viem';
import { SILENCE_MS } from '../domain/poolLimits.ts';
import { servingTodo } from '../domain/servingTodo.ts';
import type { Pool } from '../pool.ts';
import type { PoolFacts, PoolRights } from '../ports.ts';
import type { Scores } from '../Scores.ts';

export interface PoolRouteOptions {
  readonly scores: Scores;
  readonly rights: PoolRights;
  readonly facts: PoolFacts;
  readonly authenticate: Authenticate<Address>;
  readonly chainId: bigint;
  readonly publicUrl: () => string;
}

/** Which pools are served, where, and by whom; and taking up another one. */
export function registerPoolRoutes(server: FastifyInstance, pool: Pool, options: PoolRouteOptions): void {
  const { store, pools } = pool;

  registerEndpoint(server, getWorkerpoolStatus, async ({ params: { workerpool } }) => {
    const deals = await getServedDeals(pool, workerpool);
    const [workers, states] = await Promise.all([
      listOnlineWorkers(store.db, { workerpool: pools.home, silentMs: SILENCE_MS }),
      countPoolTasksByState(store.db, workerpool),
    ]);
    const scoreOf = await options.scores.of(workers.map(({ wallet }) => wallet));
    return {
      workerpool,
      deals,
      queuedTasks: (states['received'] ?? 0) + (states['initializing'] ?? 0) + (states['running'] ?? 0),
      workers: workers.map(({ wallet, name, kinds, slots, busy, lastSeenAt }) => ({
        walletAddress: wallet,
        name: name ?? '',
        score: scoreOf(wallet),
        kinds,
        ...(kinds.includes('dev-enclave') ? { enclave: SIMULATED_ENCLAVE } : {}),
        slots,
        busy,
        lastSeenMs: lastSeenAt.getTime(),
      })),
    };
  });

  registerEndpoint(server, findWorkerpoolApi, async ({ params }) => {
    if (BigInt(params.chainId) !== options.chainId) throw new GleanerError('not-found', `Chain ${params.chainId} is not served here`);
    return { apiUrl: options.publicUrl(), deals: await getServedDeals(pool, params.workerpool) };
  });

  registerEndpoint(server, listWorkerpools, async () => {
    const apiUrl = options.publicUrl();
    const served = await Promise.all(
      (await pools.refresh()).map(async (workerpool) => ({
        workerpool,
        isHome: workerpool === pools.home,
        deals: await pools.dealsOf(workerpool),
      })),
    );
    return { scheduler: options.rights.key, workerpools: served.map(({ deals = 'none', ...entry }) => ({ ...entry, deals, apiUrl })) };
  });

  registerEndpoint(server, serveWorkerpool, ({ identity, params: { workerpool } }) => serve(pool, options, workerpool, identity), {
    authenticate: options.authenticate,
  });
}

/** Cheap checks first; nothing is written before the last one has passed. */
async function serve(pool: Pool, { facts, rights, publicUrl }: PoolRouteOptions, workerpool: Address, caller: Address) {
  const found = await facts.ownerOf(workerpool);
  if (found === undefined) {
    throw new GleanerError('resource-not-deployed', `There is no workerpool at ${workerpool}`, { details: { workerpool } });
  }
  const { owner, operatorOwner } = found;
  if (![owner, operatorOwner].some((party) => party !== undefined && isAddressEqual(party, caller))) {
    throw new GleanerError(
      'forbidden',
      `only the owner of workerpool ${workerpool} can have it served, which is ${operatorOwner ?? owner}`,
      {
        details: { workerpool, owner: operatorOwner ?? owner, caller },
      },
    );
  }
  const right = await rights.over(owner);
  if (right === undefined) throw cannotSign(workerpool, owner, rights.key);
  await pool.pools.add(workerpool, owner, right);
  pool.log.info({ workerpool, owner, signsAs: right.kind }, 'workerpool.served');
  pool.signals.emit('due');
  const [freeStake, openOrders] = await Promise.all([facts.freeStakeOf(owner), facts.countOrders(workerpool)]);
  return { workerpool, owner, signsAs: right.kind, apiUrl: publicUrl(), todo: servingTodo({ owner, freeStake, openOrders }) };
}

function cannotSign(workerpool: Address, owner: Address, key: Address): GleanerError {
  return new GleanerError(
    'forbidden',
    `The key ${key} of this scheduler may not sign for ${owner}, who owns the workerpool ${workerpool}. Put the pool behind an operator contract whose agent is ${key} (gleaner workerpool create --agent ${key}, then transfer the pool to that operator), or run a scheduler with the owner's key`,
    { details: { workerpool, owner, agent: key } },
  );
}

async function getServedDeals({ pools }: Pool, asked: Address): Promise<ServedDeals> {
  const deals = await pools.dealsOf(asked);
  if (deals !== undefined) return deals;
  throw new GleanerError('not-found', `Workerpool ${asked} is not served here; ${pools.home} is`, { details: { workerpool: asked } });
}
