import { type Address, type DealId, GleanerError } from '@gleaner/primitives';
import {
  type DealRow,
  findAsset,
  findDeal,
  listServedPools,
  listUnservedPools,
  putServedPool,
  type Store,
  type TaskReason,
} from '@gleaner/store';
import { getAddress, isAddressEqual } from 'viem';
import { canServe, type SigningRight } from './domain/signingRight.ts';
import type { PoolChain, PoolRights } from './ports.ts';

/** Pools that one scheduler takes up at run time at most. */
const MAX_SERVED_POOLS = 1_000;
/** How long a right that was read from the chain is used, milliseconds. */
const FRESH_MS = 15_000;

/** The pools that a scheduler serves: the one it was started with, and those in the store. Says in whose name it signs for a deal. */
export class ServedPools {
  readonly home: Address;
  readonly #store: Store;
  readonly #homeChain: PoolChain;
  readonly #rights: PoolRights;
  readonly #adopts: boolean;
  readonly #known = new Map<Address, { readonly right: SigningRight | undefined; readonly readAtMs: number }>();
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

  /** Asks the store when memory knows no such pool. */
  async has(workerpool: Address): Promise<boolean> {
    const isIn = (pools: readonly Address[]) => pools.some((pool) => isAddressEqual(pool, workerpool));
    if (isIn(this.#addresses) || isIn(await this.refresh())) return true;
    return this.#adopts && (await this.#rightOverPool(workerpool)) !== undefined;
  }

  /** Whether deals of this pool can be served for enclaves alone. */
  async isForEnclavesAlone(workerpool: Address): Promise<boolean> {
    return !isAddressEqual(workerpool, this.home) && (await this.#rightOverPool(workerpool))?.kind === 'broker';
  }

  /** Takes up the pools with deals from block `since` on that it may serve unasked, as long as it serves fewer than its limit. */
  async adopt(since: bigint): Promise<void> {
    if (!this.#adopts) return;
    const { home } = this;
    const unserved = await listUnservedPools(this.#store.db, { home, owner: this.#rights.key, since, limit: MAX_SERVED_POOLS });
    for (const workerpool of unserved) {
      if ((await this.#rightOverPool(workerpool)) === undefined) continue;
      if (!(await this.#put(workerpool))) return;
    }
  }

  /** Takes a pool up for good. @throws {GleanerError} quota-exceeded */
  async add(workerpool: Address): Promise<void> {
    if (isAddressEqual(workerpool, this.home)) return;
    const limit = MAX_SERVED_POOLS;
    if (await this.#put(workerpool)) return void (await this.refresh());
    const message = `This scheduler serves ${limit} pools already, which is its limit: ${workerpool} needs another one`;
    throw new GleanerError('quota-exceeded', message, { details: { workerpool, limit } });
  }

  /** @returns false beyond the limit */
  #put(workerpool: Address): Promise<boolean> {
    return putServedPool(this.#store.db, { workerpool, home: this.home, limit: MAX_SERVED_POOLS });
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

  /** By the owner that the ledger has now. */
  async #rightOverPool(workerpool: Address): Promise<SigningRight | undefined> {
    const asset = await findAsset(this.#store.db, workerpool);
    return asset?.kind === 'workerpool' ? await this.#rightOver(asset.owner) : undefined;
  }

  /** @param address in any letter case: rows have it in lower case */
  async #rightOver(address: Address): Promise<SigningRight | undefined> {
    const owner = getAddress(address);
    const nowMs = performance.now();
    const known = this.#known.get(owner);
    if (known !== undefined && nowMs - known.readAtMs < FRESH_MS) return known.right;
    const right = await this.#rights.over(owner);
    this.#known.delete(owner);
    this.#known.set(owner, { right, readAtMs: nowMs });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_SERVED_POOLS && oldest !== undefined) this.#known.delete(oldest);
    return right;
  }
}
