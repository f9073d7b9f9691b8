import { type Address, type Bytes32, GleanerError, isGleanerError, ZERO_BYTES32 } from '@gleaner/primitives';
import {
  type AppOrder,
  confidenceOf,
  type DatasetOrder,
  ENCLAVE_TAG,
  FINAL_DEADLINE_RATIO,
  isEndedByOneEnclave,
  isTeeTag,
  poolStake,
  reachableTrust,
  requiredWorkers,
  type Signed,
  type WorkerpoolOrder,
  workerStake,
} from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import type { Gleaner } from '../createGleaner.ts';
import { listOpenOrders } from '../orders/listOpenOrders.ts';
import { type WorkerpoolStatus, workerpoolStatus } from '../pools/workerpoolStatus.ts';

export interface QuoteRequest {
  /** A registered app, or `undefined` for a program of the requester's own that will be registered at price 0. */
  readonly app?: Address;
  /** A data set that the program reads; it makes the run confidential when its owner asks for an enclave. */
  readonly dataset?: Address;
  /** 1 to 10 000. */
  readonly tasks: bigint;
  /** At least 1: the result is wrong with a probability of at most 1/trust. 1 and 2 mean one worker, unchecked. */
  readonly trust: bigint;
  /** Size class, sets the time limits. */
  readonly category: bigint;
  readonly workerpool?: Address;
  /** nRLC for one task: app, data set and workerpool together. */
  readonly maxPrice?: bigint;
  /** Run in enclaves: secrets, encrypted results. Only pools that serve enclaves are asked. */
  readonly enclave?: boolean;
}

/** What a run would cost and what it rests on, before anything is locked. Amounts in nRLC. */
export interface Quote {
  readonly workerpool: Address;
  readonly workerpoolOrder: Signed<WorkerpoolOrder>;
  /** Absent for a program of the requester's own. */
  readonly appOrder?: Signed<AppOrder>;
  /** Absent for a run without a data set. */
  readonly datasetOrder?: Signed<DatasetOrder>;
  /** What the request will ask of the workers: `ENCLAVE_TAG`, or nothing. */
  readonly tag: Bytes32;
  readonly tasks: bigint;
  readonly trust: bigint;
  readonly confidence: number;
  readonly category: bigint;
  readonly appPrice: bigint;
  readonly datasetPrice: bigint;
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
 * The cheapest open offer that can do the run, with the workers that are connected now. Nothing is locked or signed.
 * @throws {GleanerError} category-unknown, no-matching-order, price-above-maximum, workers-too-few, confidence-unreachable,
 *   scheduler-unreachable, service-unreachable, resource-not-deployed, chain-unreachable, timed-out, aborted
 */
export function quoteRun(gleaner: Gleaner, request: QuoteRequest, settings: CallSettings = {}): Promise<Quote> {
  return bounded(gleaner, settings, (client) => findQuote(client, request));
}

async function findQuote(gleaner: Gleaner, request: QuoteRequest): Promise<Quote> {
  const { tasks, trust, category } = request;
  const timeref = await readTimeref(gleaner, category);
  const datasetOrder = await cheapestDatasetOrder(gleaner, request);
  const tag = request.enclave === true || isTeeTag(datasetOrder?.tag ?? ZERO_BYTES32) ? ENCLAVE_TAG : ZERO_BYTES32;
  const appOrder = await cheapestAppOrder(gleaner, request, tag);
  const [appPrice, datasetPrice] = [appOrder?.appprice ?? 0n, datasetOrder?.datasetprice ?? 0n];
  const offer = await cheapestServedOffer(gleaner, { ...request, tag }, appPrice + datasetPrice);
  const { workerpoolOrder, status, scores, workersNeeded } = offer;
  const { workerpool, workerpoolprice: workerpoolPrice } = workerpoolOrder;
  const price = appPrice + datasetPrice + workerpoolPrice;
  const pool = await gleaner.assets.getWorkerpool(workerpool);
  return {
    workerpool,
    workerpoolOrder,
    ...(appOrder && { appOrder }),
    ...(datasetOrder && { datasetOrder }),
    tag,
    tasks,
    trust,
    confidence: confidenceOf(trust),
    category,
    appPrice,
    datasetPrice,
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

async function cheapestAppOrder(
  gleaner: Gleaner,
  { app, tasks, dataset }: QuoteRequest,
  tag: Bytes32,
): Promise<Signed<AppOrder> | undefined> {
  if (app === undefined) return undefined;
  const query = { app, minVolume: tasks, ...forMe(gleaner), ...(dataset && { dataset }), ...wanted(tag) };
  const [best] = await listOpenOrders(gleaner, 'app', query);
  if (best !== undefined) return best.order;
  const where = tag === ZERO_BYTES32 ? '' : ' in enclaves';
  throw new GleanerError('no-matching-order', `No open order sells ${tasks} runs of app ${app}${where}`, { details: { app, tasks } });
}

async function cheapestDatasetOrder(gleaner: Gleaner, request: QuoteRequest): Promise<Signed<DatasetOrder> | undefined> {
  const { app, dataset, tasks, workerpool } = request;
  if (dataset === undefined) return undefined;
  const query = { dataset, minVolume: tasks, ...forMe(gleaner), ...(app && { app }), ...(workerpool && { workerpool }) };
  const [best] = await listOpenOrders(gleaner, 'dataset', query);
  if (best !== undefined) return best.order;
  throw new GleanerError('no-matching-order', `No open order sells ${tasks} uses of data set ${dataset}`, { details: { dataset, tasks } });
}

/** Orders for anybody or for the client's account. */
const forMe = ({ address }: Gleaner) => (address === undefined ? {} : { requester: address });
/** Orders that have the bits; no filter for none. */
const wanted = (tag: Bytes32) => (tag === ZERO_BYTES32 ? {} : { minTag: tag });

type OfferRequest = QuoteRequest & { readonly tag: Bytes32 };

interface ServedOffer {
  readonly workerpoolOrder: Signed<WorkerpoolOrder>;
  readonly status: WorkerpoolStatus;
  readonly scores: readonly bigint[];
  readonly workersNeeded: number;
}

/** Pools that are asked before a quote gives up: offers cost nothing, so many of the cheapest may lead nowhere. */
const MOST_POOLS_ASKED = 20;

/** The cheapest offer whose pool is served now and reaches the trust; when there is none, the failure of the cheapest one. */
async function cheapestServedOffer(gleaner: Gleaner, request: OfferRequest, otherPrices: bigint): Promise<ServedOffer> {
  const asked = new Map<Address, Promise<WorkerpoolStatus>>();
  let failure: unknown;
  for (const workerpoolOrder of await workerpoolOrders(gleaner, request)) {
    const { workerpool, workerpoolprice } = workerpoolOrder;
    if (asked.size === MOST_POOLS_ASKED && !asked.has(workerpool)) break;
    try {
      assertAffordable(otherPrices + workerpoolprice, request.maxPrice);
      const asking = asked.get(workerpool) ?? workerpoolStatus(gleaner, workerpool);
      asked.set(workerpool, asking);
      const status = await asking;
      assertServes(workerpool, request, status);
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
async function workerpoolOrders(gleaner: Gleaner, request: OfferRequest): Promise<readonly Signed<WorkerpoolOrder>[]> {
  const { tasks, trust, category } = request;
  const fitting = await findWorkerpoolOrders(gleaner, request, trust);
  if (fitting.length > 0) return fitting;
  const [lower] = await findWorkerpoolOrders(gleaner, request, 0n);
  // All but the trust fits: what the pool's workers reach says more than that there is no offer.
  if (lower !== undefined) assertReachable(lower.workerpool, trust, scoresOf(await workerpoolStatus(gleaner, lower.workerpool)));
  const where = request.tag === ZERO_BYTES32 ? '' : ' in enclaves';
  throw new GleanerError(
    'no-matching-order',
    `No open workerpool order offers ${tasks} tasks${where} in category ${category} at trust ${trust}`,
    {
      details: { category, trust, tasks },
    },
  );
}

const BOOK_PAGE = 100;

async function findWorkerpoolOrders(
  gleaner: Gleaner,
  { tasks, category, workerpool, tag }: OfferRequest,
  minTrust: bigint,
): Promise<readonly Signed<WorkerpoolOrder>[]> {
  const fitting = { category, minTrust, minVolume: tasks, ...(workerpool && { workerpool }), ...wanted(tag) };
  const orders = await listOpenOrders(gleaner, 'workerpool', { pageSize: BOOK_PAGE, ...fitting });
  return orders.map(({ order }) => order);
}

/** The best first. */
const scoresOf = ({ workers }: WorkerpoolStatus): bigint[] => workers.map(({ score }) => score).sort((a, b) => Number(b - a));

function assertAffordable(price: bigint, maxPrice: bigint | undefined): void {
  if (maxPrice === undefined || price <= maxPrice) return;
  throw new GleanerError('price-above-maximum', `The cheapest offer is ${price} nRLC a task, the maximum is ${maxPrice} nRLC`, {
    details: { price, maxPrice },
  });
}

/** What the pool's scheduler would not work on is no offer. */
function assertServes(workerpool: Address, request: OfferRequest, { deals }: WorkerpoolStatus): void {
  if (deals === 'all' || (deals === 'enclaves' && isEndedByOneEnclave(request))) return;
  const served = deals === 'none' ? 'for no new task' : 'for tasks in enclaves at trust 0 or 1 alone';
  throw new GleanerError('no-matching-order', `Workerpool ${workerpool} is served ${served}`, { details: { workerpool } });
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
