import { createClient, findWorkerpoolApi, getWorkerpoolStatus, listOrders } from '@gleaner/api';
import { type Address, GleanerError, isGleanerError } from '@gleaner/primitives';
import {
  type AppOrder,
  confidenceOf,
  FINAL_DEADLINE_RATIO,
  poolStake,
  reachableTrust,
  requiredWorkers,
  type Signed,
  type WorkerpoolOrder,
  workerStake,
} from '@gleaner/protocol';
import { callOptions, type Gleaner } from '../createGleaner.ts';

export interface QuoteRequest {
  /** A registered app, or `undefined` for a program of the requester's own that will be registered at price 0. */
  readonly app?: Address;
  readonly tasks: bigint;
  /** At least 1. */
  readonly trust: bigint;
  readonly category: bigint;
  readonly workerpool?: Address;
  /** nRLC for one task, app and workerpool together. */
  readonly maxPrice?: bigint;
}

/** What a run would cost and what it rests on, before anything is locked. Amounts in nRLC. */
export interface Quote {
  readonly workerpool: Address;
  readonly workerpoolOrder: Signed<WorkerpoolOrder>;
  /** Absent for a program of the requester's own. */
  readonly appOrder?: Signed<AppOrder>;
  readonly tasks: bigint;
  readonly trust: bigint;
  readonly confidence: number;
  readonly category: bigint;
  readonly appPrice: bigint;
  readonly workerpoolPrice: bigint;
  /** For one task. */
  readonly price: bigint;
  /** For all tasks: the most that can be spent. */
  readonly total: bigint;
  /** Locked by the pool for each task, lost when it misses the final deadline. */
  readonly poolStake: bigint;
  /** Locked by each worker for each task, lost for a wrong result. */
  readonly workerStake: bigint;
  /** Workers that must agree, at today's scores. */
  readonly workersNeeded: number;
  readonly workersOnline: number;
  readonly reachableConfidence: number;
  /** One worker, nobody checks it. */
  readonly unchecked: boolean;
  /** Seconds a single execution may take. */
  readonly computeSec: number;
  /** Seconds until the price is back when nothing works. */
  readonly worstCaseSec: number;
  readonly schedulerUrl: string;
}

/**
 * The cheapest open offer that can do the run, with the workers that are connected now.
 * @throws {GleanerError} category-unknown, no-matching-order, price-above-maximum, workers-too-few, confidence-unreachable,
 *   scheduler-unreachable, service-unreachable
 */
export async function quoteRun(gleaner: Gleaner, request: QuoteRequest): Promise<Quote> {
  const { tasks, trust, category } = request;
  const timeref = await readTimeref(gleaner, category);
  const appOrder = request.app === undefined ? undefined : await cheapestAppOrder(gleaner, request.app, tasks);
  const appPrice = appOrder?.appprice ?? 0n;
  const { workerpoolOrder, status, scores, workersNeeded } = await cheapestServedOffer(gleaner, request, appPrice);
  const { workerpool, workerpoolprice: workerpoolPrice } = workerpoolOrder;
  const price = appPrice + workerpoolPrice;
  const pool = await gleaner.assets.getWorkerpool(workerpool);
  return {
    workerpool,
    workerpoolOrder,
    ...(appOrder && { appOrder }),
    tasks,
    trust,
    confidence: confidenceOf(trust),
    category,
    appPrice,
    workerpoolPrice,
    price,
    total: price * tasks,
    poolStake: poolStake(workerpoolPrice),
    workerStake: workerStake(workerpoolPrice, pool.workerStakeRatio),
    workersNeeded,
    workersOnline: scores.length,
    reachableConfidence: confidenceOf(reachableTrust(scores)),
    unchecked: workersNeeded <= 1,
    computeSec: Number(timeref),
    worstCaseSec: Number(timeref * FINAL_DEADLINE_RATIO),
    schedulerUrl: status.url,
  };
}

async function readTimeref({ hub }: Gleaner, category: bigint): Promise<bigint> {
  const count = await hub.countCategory();
  if (category < count) return (await hub.viewCategory(category)).workClockTimeRef;
  throw new GleanerError('category-unknown', `There is no category ${category}; the last one is ${count - 1n}`, {
    details: { category, count },
  });
}

async function cheapestAppOrder(gleaner: Gleaner, app: Address, tasks: bigint): Promise<Signed<AppOrder>> {
  const { orders } = await gleaner.market.call(
    listOrders.app,
    { query: { chainId: gleaner.network.chainId, app, minVolume: tasks, requester: gleaner.signer().address } },
    callOptions(gleaner),
  );
  const [best] = orders;
  if (best !== undefined) return best.order;
  throw new GleanerError('no-matching-order', `No open order sells ${tasks} runs of app ${app}`, { details: { app, tasks } });
}

interface ServedOffer {
  readonly workerpoolOrder: Signed<WorkerpoolOrder>;
  readonly status: WorkerpoolStatus;
  readonly scores: readonly bigint[];
  readonly workersNeeded: number;
}

/** Pools that are asked before a quote gives up: offers cost nothing, so many of the cheapest may lead nowhere. */
const MOST_POOLS_ASKED = 20;

/** The cheapest offer whose pool is served now and reaches the trust; when there is none, the failure of the cheapest one. */
async function cheapestServedOffer(gleaner: Gleaner, request: QuoteRequest, appPrice: bigint): Promise<ServedOffer> {
  const asked = new Map<Address, Promise<WorkerpoolStatus>>();
  let failure: unknown;
  for (const workerpoolOrder of await workerpoolOrders(gleaner, request)) {
    const { workerpool, workerpoolprice } = workerpoolOrder;
    if (asked.size === MOST_POOLS_ASKED && !asked.has(workerpool)) break;
    try {
      assertAffordable(appPrice + workerpoolprice, request.maxPrice);
      const asking = asked.get(workerpool) ?? workerpoolStatus(gleaner, workerpool);
      asked.set(workerpool, asking);
      const status = await asking;
      assertOpenToAll(workerpool, status);
      const scores = scoresOf(status);
      return { workerpoolOrder, status, scores, workersNeeded: assertReachable(workerpool, request.trust, scores) };
    } catch (error) {
      failure ??= error;
      if (!isGleanerError(error) || error.code === 'aborted' || error.code === 'price-above-maximum') break;
    }
  }
  throw failure;
}

/** Open offers that fit, the cheapest first; at least one. */
async function workerpoolOrders(gleaner: Gleaner, request: QuoteRequest): Promise<readonly Signed<WorkerpoolOrder>[]> {
  const { tasks, trust, category } = request;
  const fitting = await findWorkerpoolOrders(gleaner, request, trust);
  if (fitting.length > 0) return fitting;
  const [lower] = await findWorkerpoolOrders(gleaner, request, 0n);
  // All but the trust fits: what the pool's workers reach says more than that there is no offer.
  if (lower !== undefined) assertReachable(lower.workerpool, trust, scoresOf(await workerpoolStatus(gleaner, lower.workerpool)));
  throw new GleanerError('no-matching-order', `No open workerpool order offers ${tasks} tasks in category ${category} at trust ${trust}`, {
    details: { category, trust, tasks },
  });
}

const BOOK_PAGE = 100;

async function findWorkerpoolOrders(
  gleaner: Gleaner,
  { tasks, category, workerpool }: QuoteRequest,
  minTrust: bigint,
): Promise<readonly Signed<WorkerpoolOrder>[]> {
  const fitting = { category, minTrust, minVolume: tasks, ...(workerpool && { workerpool }) };
  const query = { chainId: gleaner.network.chainId, pageSize: BOOK_PAGE, ...fitting };
  const { orders } = await gleaner.market.call(listOrders.workerpool, { query }, callOptions(gleaner));
  return orders.map(({ order }) => order);
}

function assertAffordable(price: bigint, maxPrice: bigint | undefined): void {
  if (maxPrice === undefined || price <= maxPrice) return;
  throw new GleanerError('price-above-maximum', `The cheapest offer is ${price} nRLC a task, the maximum is ${maxPrice} nRLC`, {
    details: { price, maxPrice },
  });
}

/** A run without an enclave asks for a pool that lets every worker in. */
function assertOpenToAll(workerpool: Address, { enclavesOnly }: WorkerpoolStatus): void {
  if (!enclavesOnly) return;
  throw new GleanerError('no-matching-order', `Workerpool ${workerpool} is served for tasks in enclaves alone`, {
    details: { workerpool },
  });
}

interface WorkerpoolStatus {
  readonly url: string;
  readonly enclavesOnly: boolean;
  readonly workers: readonly {
    readonly walletAddress: Address;
    readonly score: bigint;
    /** Of the enclaves that it runs; absent where it runs none. */
    readonly enclave?: { readonly hardware: boolean; readonly notice: string } | undefined;
  }[];
}

/** The best first. */
const scoresOf = ({ workers }: WorkerpoolStatus): bigint[] => workers.map(({ score }) => score).sort((a, b) => Number(b - a));

/** Who serves the pool now, as its own scheduler says. */
export async function workerpoolStatus(gleaner: Gleaner, workerpool: Address): Promise<WorkerpoolStatus> {
  try {
    const compass = createClient({ baseUrl: gleaner.network.services.compassURL });
    const { apiUrl } = await compass.call(
      findWorkerpoolApi,
      { params: { chainId: String(gleaner.network.chainId), workerpool } },
      callOptions(gleaner),
    );
    const { workers, enclavesOnly } = await createClient({ baseUrl: apiUrl }).call(
      getWorkerpoolStatus,
      { params: { workerpool } },
      callOptions(gleaner),
    );
    return { url: apiUrl, workers, enclavesOnly };
  } catch (error) {
    if (isGleanerError(error) && error.code === 'aborted') throw error;
    throw new GleanerError('scheduler-unreachable', `The scheduler of workerpool ${workerpool} does not answer`, {
      details: { workerpool },
      cause: error,
    });
  }
}

/** Where the pool's scheduler answers; undefined when it does not. */
export async function findSchedulerUrl(gleaner: Gleaner, workerpool: Address): Promise<string | undefined> {
  return await workerpoolStatus(gleaner, workerpool).then(
    ({ url }) => url,
    () => undefined,
  );
}

/**
 * Workers that must agree for this trust, with the best scores first.
 * @throws {GleanerError} workers-too-few when nobody is connected, confidence-unreachable when all of them together are not enough
 */
function assertReachable(workerpool: Address, trust: bigint, scores: readonly bigint[]): number {
  if (scores.length === 0) {
    throw new GleanerError('workers-too-few', `No worker is connected to workerpool ${workerpool}`, { details: { workerpool, online: 0 } });
  }
  const needed = requiredWorkers(trust, scores);
  if (needed !== undefined) return needed;
  const reachable = reachableTrust(scores);
  const fresh = requiredWorkers(trust, [...scores, ...Array<bigint>(256).fill(0n)]);
  throw new GleanerError(
    'confidence-unreachable',
    `Confidence ${confidenceOf(trust)} needs ${fresh ?? 'more than 256'} agreeing workers at today's scores; ${scores.length} are connected, which reach ${confidenceOf(reachable)}`,
    {
      details: {
        confidence: confidenceOf(trust),
        workersNeeded: fresh ?? '>256',
        workersOnline: scores.length,
        reachableConfidence: confidenceOf(reachable),
      },
    },
  );
}
