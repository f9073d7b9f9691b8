import type { Clock } from '@gleaner/primitives';
import type { BlockKey, BlockStorage } from '../BlockStorage.ts';
import type { ContentStore } from '../ContentStore.ts';
import { createStore } from '../createStore.ts';
import { quotaExceeded } from '../quotaExceeded.ts';

interface Entry {
  readonly bytes: Uint8Array;
  freshMs: number;
}

/** Content that lives as long as the process: for tools and tests. */
export function createMemoryStore(options: { readonly quotaBytes?: number; readonly clock?: Clock } = {}): ContentStore {
  return createStore(memoryStorage(options));
}

function memoryStorage({ quotaBytes, clock = { nowMs: Date.now } }: { quotaBytes?: number; clock?: Clock }): BlockStorage {
  const blocks = new Map<BlockKey, Entry>();
  const pins = new Set<string>();
  let used = 0;
  const remove = (key: BlockKey): number => {
    const size = blocks.get(key)?.bytes.length ?? 0;
    blocks.delete(key);
    used -= size;
    return size;
  };
  return {
    async put(key, bytes) {
      const present = blocks.get(key);
      if (present !== undefined) {
        present.freshMs = clock.nowMs();
        return;
      }
      if (quotaBytes !== undefined && used + bytes.length > quotaBytes) {
        throw quotaExceeded({ used, bytes: bytes.length, quotaBytes });
      }
      used += bytes.length;
      blocks.set(key, { bytes: bytes.slice(), freshMs: clock.nowMs() });
    },
    get: async (key) => blocks.get(key)?.bytes.slice(),
    async discard(key) {
      remove(key);
    },
    async flush() {},
    async sweep(keep, graceMs) {
      const before = clock.nowMs() - graceMs;
      const garbage = [...blocks].filter(([key, { freshMs }]) => !keep(key) && freshMs <= before);
      return { blocks: garbage.length, bytes: garbage.reduce((sum, [key]) => sum + remove(key), 0) };
    },
    usage: async () => ({ bytes: used, ...(quotaBytes === undefined ? {} : { quotaBytes }) }),
    async check() {},
    async addPin(name) {
      pins.add(name);
    },
    async removePin(name) {
      pins.delete(name);
    },
    hasPin: async (name) => pins.has(name),
    listPins: async () => [...pins],
  };
}
