import type { Address, Bytes32, DealId, Hex, TaskId } from '@gleaner/primitives';
import { taskId } from '@gleaner/protocol';
import { ACTORS, WORKERS } from './actors.ts';
import { type Both, both, type Side } from './both.ts';
import type { Counterparts } from './Counterparts.ts';

export type AssetKind = 'app' | 'dataset' | 'workerpool';

export interface Asset {
  readonly kind: AssetKind;
  readonly entry: Both<Address>;
  owner: Address;
}

export interface PlayedTask {
  readonly deal: PlayedDeal;
  readonly index: bigint;
  readonly id: Both<TaskId>;
  phase: 'unset' | 'active' | 'revealing' | 'over';
  revealDeadline: bigint;
  readonly contributions: Map<Address, Bytes32>;
  /** Reveals of this round. */
  revealed: number;
}

export interface PlayedDeal {
  readonly id: Both<DealId>;
  readonly category: bigint;
  readonly start: bigint;
  readonly scheduler: Address;
  readonly tee: boolean;
  readonly callback: boolean;
  readonly fast: boolean;
  readonly tasks: readonly PlayedTask[];
}

/** Seconds of each category. */
export const TIMEREFS = [100n, 300n, 1n] as const;

/** What a sequence has brought about so far, as far as the next calls need it to be about something. */
export class World {
  readonly counterparts: Counterparts;
  readonly assets: Asset[];
  readonly deals: PlayedDeal[] = [];
  readonly orderHashes: Both<Hex>[] = [];
  /** By published order hash: units used up. */
  readonly consumed = new Map<Hex, bigint>();
  /** Who allowed whom to spend escrow money. */
  readonly allowances: (readonly [owner: Address, spender: Address])[] = [];
  broker: Address | undefined;
  /** Timestamp of the next block, Unix seconds. */
  now: bigint;

  constructor(counterparts: Counterparts, assets: readonly Asset[], now: bigint) {
    this.counterparts = counterparts;
    this.assets = assets.map((asset) => ({ ...asset }));
    this.now = now;
  }

  get tasks(): PlayedTask[] {
    return this.deals.flatMap(({ tasks }) => tasks);
  }

  /** Tasks in this phase whose time for it is not over. */
  tasksIn(phase: PlayedTask['phase']): PlayedTask[] {
    return this.tasks.filter((task) => {
      const timeref = TIMEREFS[Number(task.deal.category)] ?? 0n;
      return task.phase === phase && this.now < task.deal.start + (phase === 'revealing' ? 10n : 7n) * timeref;
    });
  }

  assetsOf(kind: AssetKind): Asset[] {
    return this.assets.filter((asset) => asset.kind === kind);
  }

  noteOrder(hash: Both<Hex>): void {
    if (this.orderHashes.some(([published]) => published === hash[0])) return;
    this.orderHashes.push(hash);
    this.counterparts.add(hash);
  }

  /** Ids of a deal and its tasks. */
  foresee(deal: Both<DealId>, indexes: readonly bigint[]): readonly { readonly id: Both<TaskId>; readonly index: bigint }[] {
    this.counterparts.add(deal);
    return indexes.map((index) => {
      const id = both((side) => taskId(deal[side], index));
      this.counterparts.add(id);
      return { id, index };
    });
  }

  contributors(): readonly Address[] {
    return [...WORKERS, ACTORS.sponsor].map(({ address }) => address);
  }

  entry(asset: Asset, side: Side): Address {
    return asset.entry[side];
  }
}
