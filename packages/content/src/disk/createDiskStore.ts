import type { Clock } from '@gleaner/primitives';
import type { ContentStore } from '../ContentStore.ts';
import { createStore } from '../createStore.ts';
import { openDiskStorage } from './diskStorage.ts';

export interface DiskStoreOptions {
  /** Bytes that blocks may take, default no limit. */
  readonly quotaBytes?: number;
  readonly clock?: Clock;
}

/**
 * A content store in a folder, made when it is absent. Several processes may share the folder.
 * @throws {GleanerError} disk-full, data-unreadable
 */
export async function createDiskStore(folder: string, options: DiskStoreOptions = {}): Promise<ContentStore> {
  return createStore(await openDiskStorage(folder, { clock: { nowMs: Date.now }, ...options }));
}
