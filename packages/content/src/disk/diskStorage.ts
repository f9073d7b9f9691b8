import type { Stats } from 'node:fs';
import { access, constants, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, errnoOf } from '@gleaner/primitives';
import type { BlockKey, BlockStorage } from '../BlockStorage.ts';
import { UsageCounter } from '../UsageCounter.ts';
import { translateFileError } from './translateFileError.ts';
import { syncFolder, writeAtomically } from './writeAtomically.ts';

/** Ending of a block that a sweep has taken away and not yet deleted. */
const ASIDE = '.old';
/** Age at which a temporary file must be left over from a crash. */
const STALE_TEMPORARY_MS = 3_600_000;
const RECOUNT_MS = 60_000;
const USABLE = constants.R_OK | constants.W_OK | constants.X_OK;

interface Folders {
  readonly root: string;
  /** One folder per two characters of the key, one file per block, its time of change = last put. */
  readonly blocks: string;
  /** One empty file per pin. */
  readonly pins: string;
  readonly temporary: string;
}

/**
 * Blocks as files. Several processes may use one folder: files appear by rename and names say what the bytes must be.
 * @throws {GleanerError} disk-full, data-unreadable
 */
export async function openDiskStorage(
  root: string,
  options: { readonly quotaBytes?: number; readonly clock: Clock },
): Promise<BlockStorage> {
  const folders = { root, blocks: join(root, 'blocks'), pins: join(root, 'pins'), temporary: join(root, 'tmp') };
  await guarded(root, async () => {
    for (const folder of [root, folders.blocks, folders.pins, folders.temporary]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await access(folder, USABLE);
    }
    await syncFolder(root);
    await removeStaleFiles(folders.temporary, options.clock.nowMs() - STALE_TEMPORARY_MS);
  });
  return guardedStorage(root, new DiskStorage(folders, options));
}

class DiskStorage implements BlockStorage {
  readonly #folders: Folders;
  readonly #clock: Clock;
  readonly #usage: UsageCounter;
  readonly #unsynced = new Set<string>();
  #flushing: Promise<void> = Promise.resolve();

  constructor(folders: Folders, { quotaBytes, clock }: { readonly quotaBytes?: number; readonly clock: Clock }) {
    this.#folders = folders;
    this.#clock = clock;
    this.#usage = new UsageCounter(() => this.#countBytes(), { clock, recountMs: RECOUNT_MS, quotaBytes });
  }

  async put(key: BlockKey, bytes: Uint8Array): Promise<void> {
    const path = this.#path(key);
    if (await this.#refresh(path)) return;
    await this.#usage.fit(bytes.length, async () => {
      await mkdir(this.#shard(key), { recursive: true, mode: 0o700 });
      await this.#write(path, bytes);
    });
    this.#unsynced.add(this.#shard(key));
  }

  async get(key: BlockKey): Promise<Uint8Array | undefined> {
    const path = this.#path(key);
    return (await absentAsUndefined(readFile(path))) ?? absentAsUndefined(readFile(path + ASIDE));
  }

  async discard(key: BlockKey): Promise<void> {
    const size = (await absentAsUndefined(stat(this.#path(key))))?.size ?? 0;
    await rm(this.#path(key), { force: true });
    this.#usage.free(size);
  }

  /** Flushes follow one another, so that none returns while another still syncs what it was to sync. */
  async flush(): Promise<void> {
    const mine = this.#flushing.then(() => this.#syncShards());
    this.#flushing = mine.catch(() => undefined);
    await mine;
  }

  async #syncShards(): Promise<void> {
    const shards = [...this.#unsynced];
    this.#unsynced.clear();
    try {
      await Promise.all(shards.map(syncFolder));
      if (shards.length > 0) await syncFolder(this.#folders.blocks);
    } catch (error) {
      for (const shard of shards) this.#unsynced.add(shard);
      throw error;
    }
  }

  async sweep(keep: (key: BlockKey) => boolean, graceMs: number): Promise<{ blocks: number; bytes: number }> {
    const before = this.#clock.nowMs() - graceMs;
    let [blocks, bytes] = [0, 0];
    for await (const { key, path, aside } of this.#files()) {
      if (keep(key) && !aside) continue;
      const freed = await (aside ? this.#removeAside(path, before) : this.#removeUnlessFresh(path, before));
      if (freed === undefined) continue;
      blocks += 1;
      bytes += freed;
    }
    this.#usage.free(bytes);
    return { blocks, bytes };
  }

  usage(): Promise<{ readonly bytes: number; readonly quotaBytes?: number }> {
    return this.#usage.usage();
  }

  async check(): Promise<void> {
    const { root, blocks, pins, temporary } = this.#folders;
    for (const folder of [root, blocks, pins, temporary]) await access(folder, USABLE);
  }

  async addPin(name: string): Promise<void> {
    await this.#write(join(this.#folders.pins, name), new Uint8Array());
    await syncFolder(this.#folders.pins);
  }

  async removePin(name: string): Promise<void> {
    await rm(join(this.#folders.pins, name), { force: true });
    await syncFolder(this.#folders.pins);
  }

  async hasPin(name: string): Promise<boolean> {
    return (await absentAsUndefined(stat(join(this.#folders.pins, name)))) !== undefined;
  }

  async listPins(): Promise<readonly string[]> {
    return readdir(this.#folders.pins);
  }

  /** The last characters of a hash spread evenly; the very last holds only two bits. */
  #shard(key: BlockKey): string {
    return join(this.#folders.blocks, key.slice(-3, -1));
  }

  #path(key: BlockKey): string {
    return join(this.#shard(key), key);
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    await writeAtomically(path, bytes, { temporaryFolder: this.#folders.temporary, changed: new Date(this.#clock.nowMs()) });
  }

  /** Marks a present block as put now. */
  async #refresh(path: string): Promise<boolean> {
    const now = new Date(this.#clock.nowMs());
    return (await absentAsUndefined(utimes(path, now, now).then(() => true))) ?? false;
  }

  /** @returns bytes freed, `undefined` when somebody has put the block lately */
  async #removeUnlessFresh(path: string, beforeMs: number): Promise<number | undefined> {
    const info = await absentAsUndefined(stat(path));
    if (info === undefined || isFresh(info, beforeMs)) return undefined;
    await absentAsUndefined(rename(path, path + ASIDE));
    return this.#removeAside(path, beforeMs);
  }

  /**
   * Decides over a file that was taken away: deleted, or back when somebody put the block at the last moment.
   * A put after the file is away writes it anew, so no put is ever lost. Also finishes what a killed sweep began.
   */
  async #removeAside(path: string, beforeMs: number): Promise<number | undefined> {
    const info = await absentAsUndefined(stat(path + ASIDE));
    if (info === undefined) return undefined;
    if (isFresh(info, beforeMs)) {
      await absentAsUndefined(rename(path + ASIDE, path));
      return undefined;
    }
    await rm(path + ASIDE, { force: true });
    return info.size;
  }

  async *#files(): AsyncGenerator<{ key: BlockKey; path: string; aside: boolean }, void, undefined> {
    for (const shard of await readdir(this.#folders.blocks)) {
      for (const name of (await absentAsUndefined(readdir(join(this.#folders.blocks, shard)))) ?? []) {
        const aside = name.endsWith(ASIDE);
        const key = aside ? name.slice(0, -ASIDE.length) : name;
        yield { key, path: join(this.#folders.blocks, shard, key), aside };
      }
    }
  }

  async #countBytes(): Promise<number> {
    let bytes = 0;
    for await (const { path, aside } of this.#files()) {
      if (!aside) bytes += (await absentAsUndefined(stat(path)))?.size ?? 0;
    }
    return bytes;
  }
}

/** The storage with every failure translated. */
function guardedStorage(root: string, storage: BlockStorage): BlockStorage {
  const guard =
    <Args extends unknown[], T>(method: (...args: Args) => Promise<T>) =>
    (...args: Args): Promise<T> =>
      guarded(root, () => method.apply(storage, args));
  return {
    put: guard(storage.put),
    get: guard(storage.get),
    discard: guard(storage.discard),
    flush: guard(storage.flush),
    sweep: guard(storage.sweep),
    usage: guard(storage.usage),
    check: guard(storage.check),
    addPin: guard(storage.addPin),
    removePin: guard(storage.removePin),
    hasPin: guard(storage.hasPin),
    listPins: guard(storage.listPins),
  };
}

async function guarded<T>(root: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw translateFileError(error, root);
  }
}

/** File times are kept as fractions of a second; whole milliseconds come back rounded. */
function isFresh({ mtimeMs }: Stats, beforeMs: number): boolean {
  return Math.round(mtimeMs) > beforeMs;
}

async function absentAsUndefined<T>(action: Promise<T>): Promise<T | undefined> {
  try {
    return await action;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function removeStaleFiles(folder: string, beforeMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const info = await absentAsUndefined(stat(path));
    if (info !== undefined && info.mtimeMs < beforeMs) await rm(path, { force: true });
  }
}
