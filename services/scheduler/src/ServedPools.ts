import type { ServedDeals } from '@gleaner/api';
import { type Address, type DealId, GleanerError } from '@gleaner/primitives';
import {
  type DealRow,
  findAsset,
  findDeal,
  findPlace,
  listServedPools,
  listUnservedDeals,
  type PlaceAnswer,
  type PlaceLimits,
  putServedPool,
  type Store,
  type TaskReason,
} from '@gleaner/store';
import { getAddress, isAddressEqual } from 'viem';
import { MAX_SERVED_POOLS, placeLimits } from './domain/placeLimits.ts';
import { canServe, type SigningRight, servedDeals } from './domain/signingRight.ts';
import type { PoolChain, PoolRights } from './ports.ts';

/** Kinds of deals of pools that nobody serves that are looked at in one turn. */
const MAX_UNSERVED = 10_000;
/** How long a right that was read from the chain is used, milliseconds. */
const FRESH_MS = 15_000;

/** The pools that a scheduler serves: the one it was started with, and those in the store. Says in whose name it signs for a deal. */
export class ServedPools {
  readonly home: Address;
  readonly #store: Store;
  readonly #homeChain: PoolChain;
  readonly #rights: PoolRights;
  readonly #adopts: boolean;
  readonly #known = new Map<Address, { readonly right: Promise<SigningRight | undefined>; readonly readAtMs: number }>();
  /** Pools without a place that were told of, the oldest first. */
  readonly #leftAlone = new Set<Address>();
  #addresses: readonly Address[];

  /** @param options.adopts every pool that its key may sign for is served, unasked: the only scheduler of a development network */
  constructor(options: { home: Address; store: Store; homeChain: PoolChain; rights: PoolRights; adopts: boolean }) {
    this.home = options.home;
    this.#store = options.store;
    this.#homeChain = options.homeChain;
    this.#rights = options.rights;
    this.#adopts = options.adopts;
    this.#addresses = [options.home];
  }

  /** Home first; as of the last `refresh`. */
  addresses(): readonly Address[] {
    return this.#addresses;
  }

  /** Reads what this or another process of the same scheduler has taken up. */
  async refresh(): Promise<readonly Address[]> {
    const added = await listServedPools(this.#store.db, this.home);
    this.#addresses = [this.home, ...added.map((workerpool) => getAddress(workerpool)).filter((pool) => !isAddressEqual(pool, this.home))];
    return this.#addresses;
  }

  /**
   * Which new deals of a pool are worked on, by its owner of now; `undefined` for a pool that is not served here, and would not be with its
   * next deal. Asks the store when memory knows no such pool.
   */
  async dealsOf(workerpool: Address): Promise<ServedDeals | undefined> {
    const isIn = (pools: readonly Address[]) => pools.some((pool) => isAddressEqual(pool, workerpool));
    const isServed = isIn(this.#addresses) || isIn(await this.refresh());
    if (!isServed && !this.#adopts) return undefined;
    const owner = await this.#ownerOf(workerpool);
    // of a pool that was taken up a moment ago the ledger may not know yet
    if (owner === undefined) return isServed ? 'all' : undefined;
    const right = await this.#rightOver(owner);
    if (isServed) return servedDeals(right);
    if (right === undefined) return undefined;
    const place = await findPlace(this.#store.db, { workerpool, home: this.home, owner }, placeLimits(right, { asked: false }));
    return place === 'served' ? servedDeals(right) : undefined;
  }

  /**
   * Takes up the pools with deals from block `since` on that it may serve unasked, as long as there are places for them.
   * @returns a quota-exceeded for each of the others, once
   */
  async adopt(since: bigint): Promise<readonly GleanerError[]> {
    if (!this.#adopts) return [];
    const left: GleanerError[] = [];
    const settled = new Set<Address>();
    for (const deals of await listUnservedDeals(this.#store.db, { home: this.home, since, limit: MAX_UNSERVED })) {
      const { workerpool, workerpoolOwner: owner } = deals;
      const right = settled.has(workerpool) ? undefined : await this.#rightOver(owner);
      if (right === undefined || !canServe(right, deals)) continue;
      settled.add(workerpool);
      const error = await this.#put({ workerpool, owner, asked: false }, right);
      if (error !== undefined && this.#isNew(workerpool)) left.push(error);
    }
    return left;
  }

  /**
   * Takes a pool up for good, because its owner asks for it.
   * @throws {GleanerError} quota-exceeded
   */
  async add(workerpool: Address, owner: Address, right: SigningRight): Promise<void> {
    if (isAddressEqual(workerpool, this.home)) return;
    const error = await this.#put({ workerpool, owner, asked: true }, right);
    if (error !== undefined) throw error;
    await this.refresh();
  }

  /** @returns quota-exceeded when there is no place */
  async #put(wanted: PlaceWanted, right: SigningRight): Promise<GleanerError | undefined> {
    const limits = placeLimits(right, wanted);
    const place = await putServedPool(this.#store.db, { ...wanted, home: this.home }, limits);
    return place === 'served' ? undefined : withoutPlace(place, wanted, limits);
  }

  /** Whether this pool was not told of lately. */
  #isNew(workerpool: Address): boolean {
    if (this.#leftAlone.has(workerpool)) return false;
    this.#leftAlone.add(workerpool);
    const [oldest] = this.#leftAlone;
    if (this.#leftAlone.size > MAX_SERVED_POOLS && oldest !== undefined) this.#leftAlone.delete(oldest);
    return true;
  }

  /** Why nobody can be let into the tasks of a deal by this scheduler; `undefined` when somebody can. */
  async refusalOf(deal: DealRow): Promise<TaskReason | undefined> {
    if (isAddressEqual(deal.workerpoolOwner, this.#homeChain.owner)) return undefined;
    const right = await this.#rightOver(deal.workerpoolOwner);
    if (canServe(right, deal)) return undefined;
    const why =
      right === undefined
        ? `this scheduler's key ${this.#rights.key} may not sign for ${deal.workerpoolOwner}, who owned the pool when the deal was made`
        : 'its pool is served for enclaves alone: deals with tag bit 0 and trust 0 or 1';
    return { code: 'forbidden', message: `The deal cannot be served: ${why}` };
  }

  /**
   * Transactions and authorisations in the name of the owner of the deal's pool, as the hub has it for this deal.
   * @throws {GleanerError} deal-not-found after a reorganisation; forbidden when the key may not sign for that owner
   */
  async chainOf(dealId: DealId): Promise<PoolChain> {
    const deal = await findDeal(this.#store.db, dealId);
    if (deal === undefined) throw new GleanerError('deal-not-found', `The ledger has no deal ${dealId}`, { details: { dealId } });
    const { workerpoolOwner: owner } = deal;
    if (isAddressEqual(owner, this.#homeChain.owner)) return this.#homeChain;
    const right = await this.#rightOver(owner);
    if (right !== undefined) return this.#rights.chainOf(right);
    throw new GleanerError('forbidden', `The key ${this.#rights.key} may not sign for ${owner}`, { details: { dealId, owner } });
  }

  /** As the ledger has it now. */
  async #ownerOf(workerpool: Address): Promise<Address | undefined> {
    const asset = await findAsset(this.#store.db, workerpool);
    return asset?.kind === 'workerpool' ? asset.owner : undefined;
  }

  /** @param address in any letter case: rows have it in lower case */
  async #rightOver(address: Address): Promise<SigningRight | undefined> {
    const owner = getAddress(address);
    const nowMs = performance.now();
    const known = this.#known.get(owner);
    if (known !== undefined && nowMs - known.readAtMs < FRESH_MS) return await known.right;
    const entry = { right: this.#rights.over(owner), readAtMs: nowMs };
    this.#known.delete(owner);
    this.#known.set(owner, entry);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_SERVED_POOLS && oldest !== undefined) this.#known.delete(oldest);
    try {
      return await entry.right;
    } catch (error) {
      if (this.#known.get(owner) === entry) this.#known.delete(owner);
      throw error;
    }
  }
}

type PlaceWanted = { readonly workerpool: Address; readonly owner: Address; readonly asked: boolean };

function withoutPlace(place: Exclude<PlaceAnswer, 'served'>, { workerpool, owner, asked }: PlaceWanted, limits: PlaceLimits): GleanerError {
  const limit = place === 'full' ? limits.total : limits.perOwner;
  const whose = place === 'full' ? '' : ` of ${owner}`;
  const advice = place === 'full' || asked ? '' : '; its owner can have a few more served by asking for them (gleaner workerpool serve)';
  const message = `Workerpool ${workerpool} is not served: this scheduler serves ${limit} pools${whose} already, which is its limit${advice}`;
  return new GleanerError('quota-exceeded', message, { details: { workerpool, owner, limit } });
}
