import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, GleanerError } from '@gleaner/primitives';
import type { BlockKey, BlockStorage } from '../BlockStorage.ts';
import { hashesTo } from '../hashesTo.ts';
import { UsageCounter } from '../UsageCounter.ts';
import { freshKey, PINS, parseThreat, SLOTS, type Slot, threatsOf } from './layout.ts';
import type { ObjectPort } from './ObjectPort.ts';
import { sweepObjects, VOID_MS } from './sweepObjects.ts';

/** Counting means listing everything, a thousand names at a time. */
const RECOUNT_MS = 600_000;
/** How often a put looks again when sweeps threaten both slots. */
const LOOKS = 50;

export interface ObjectStorageOptions {
  readonly quotaBytes?: number;
  readonly clock: Clock;
  /** Wait before a put looks again, default 100 ms. */
  readonly lookAgainMs?: number;
}

/**
 * Blocks as objects. Any number of processes and machines may use one place.
 * Cost of a put: three requests when the block is there, four when it is new. Cost of a sweep: the listing, and seven requests per block removed.
 */
export function objectStorage(objects: ObjectPort, options: ObjectStorageOptions): BlockStorage {
  return new ObjectStorage(objects, options);
}

class ObjectStorage implements BlockStorage {
  readonly #objects: ObjectPort;
  readonly #clock: Clock;
  readonly #usage: UsageCounter;
  readonly #lookAgainMs: number;

  constructor(objects: ObjectPort, { quotaBytes, clock, lookAgainMs = 100 }: ObjectStorageOptions) {
    this.#objects = objects;
    this.#clock = clock;
    this.#lookAgainMs = lookAgainMs;
    this.#usage = new UsageCounter(() => this.#countBytes(), { clock, recountMs: RECOUNT_MS, quotaBytes });
  }

  /** The order of these steps is what keeps the block from a sweep: see `sweepObjects`. */
  async put(key: BlockKey, bytes: Uint8Array): Promise<void> {
    await this.#objects.put(freshKey(key), Buffer.from(`${this.#clock.nowMs()}`));
    const safe = await this.#safeSlots(key);
    for (const slot of safe) if ((await this.#objects.size(slot + key)) === bytes.length) return;
    await this.#usage.fit(bytes.length, () => this.#objects.put(safe[0] + key, bytes));
  }

  async get(key: BlockKey): Promise<Uint8Array | undefined> {
    for (const slot of SLOTS) {
      const bytes = await this.#objects.get(slot + key);
      if (bytes !== undefined) return bytes;
    }
    return undefined;
  }

  /** Looks again before it removes: the bytes may have been damaged on the way, or been repaired since. */
  async discard(key: BlockKey): Promise<void> {
    for (const slot of SLOTS) {
      const bytes = await this.#objects.get(slot + key);
      if (bytes === undefined || hashesTo(key, bytes)) continue;
      await this.#objects.remove(slot + key);
      this.#usage.free(bytes.length);
    }
  }

  /** Nothing to do: what was put is durable when its request was answered. */
  async flush(): Promise<void> {}

  async sweep(keep: (key: BlockKey) => boolean, graceMs: number): Promise<{ blocks: number; bytes: number }> {
    const removed = await sweepObjects({ objects: this.#objects, clock: this.#clock, keep, beforeMs: this.#clock.nowMs() - graceMs });
    this.#usage.free(removed.bytes);
    return removed;
  }

  usage(): Promise<{ readonly bytes: number; readonly quotaBytes?: number }> {
    return this.#usage.usage();
  }

  /** One listing that finds nothing: it needs bucket, key, rights and clock to be right. */
  async check(): Promise<void> {
    for await (const _ of this.#objects.list('check/')) return;
  }

  addPin(name: string): Promise<void> {
    return this.#objects.put(PINS + name, new Uint8Array());
  }

  removePin(name: string): Promise<void> {
    return this.#objects.remove(PINS + name);
  }

  async hasPin(name: string): Promise<boolean> {
    return (await this.#objects.size(PINS + name)) !== undefined;
  }

  async listPins(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const { key } of this.#objects.list(PINS)) names.push(key.slice(PINS.length));
    return names;
  }

  /** Slots that no sweep is about to empty. @throws {GleanerError} storage-unreachable when there is none at any look */
  async #safeSlots(key: BlockKey): Promise<readonly [Slot, ...Slot[]]> {
    for (let look = 0; look < LOOKS; look += 1) {
      const threatened = await this.#threatened(key);
      const [first, ...others] = SLOTS.filter((slot) => !threatened.has(slot));
      if (first !== undefined) return [first, ...others];
      await sleep(this.#lookAgainMs);
    }
    throw new GleanerError('storage-unreachable', `Sweeps hold both places of the block ${key} in ${this.#objects.place}; try again`, {
      details: { place: this.#objects.place, key },
    });
  }

  async #threatened(key: BlockKey): Promise<ReadonlySet<Slot>> {
    const slots = new Set<Slot>();
    for await (const entry of this.#objects.list(threatsOf(key))) {
      const threat = parseThreat(entry.key);
      if (threat !== undefined && this.#clock.nowMs() - threat.sinceMs <= VOID_MS) slots.add(threat.slot);
    }
    return slots;
  }

  async #countBytes(): Promise<number> {
    let bytes = 0;
    for (const slot of SLOTS) for await (const { sizeBytes } of this.#objects.list(slot)) bytes += sizeBytes;
    return bytes;
  }
}
