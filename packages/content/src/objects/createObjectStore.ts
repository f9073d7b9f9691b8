import type { Clock } from '@gleaner/primitives';
import type { ContentStore } from '../ContentStore.ts';
import { createStore } from '../createStore.ts';
import type { ObjectPort } from './ObjectPort.ts';
import { objectStorage } from './objectStorage.ts';

export interface ObjectStoreOptions {
  /** Bytes that blocks may take, default no limit. */
  readonly quotaBytes?: number;
  readonly clock?: Clock;
}

/** A content store over objects, as of a bucket. Any number of processes and machines may share the place. */
export function createObjectStore(objects: ObjectPort, options: ObjectStoreOptions = {}): ContentStore {
  return createStore(objectStorage(objects, { clock: { nowMs: Date.now }, ...options }));
}
