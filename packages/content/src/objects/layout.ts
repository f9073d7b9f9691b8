import type { BlockKey } from '../BlockStorage.ts';

/**
 * A block lies in one of two slots. The second is used when a sweep is about to empty the first at this moment,
 * so nobody ever waits for a sweep, not even for one whose process has died.
 */
export const SLOTS = ['blocks/', 'spare/'] as const;
export type Slot = (typeof SLOTS)[number];

export const FRESH = 'fresh/';
export const DYING = 'dying/';
export const PINS = 'pins/';

/** Its text says when the block was last put, in milliseconds since 1970. */
export function freshKey(key: BlockKey): string {
  return FRESH + key;
}

/** What a sweep writes before it takes a block out of a slot: whose, which slot, since when, and a name of its own. */
export interface Threat {
  readonly key: BlockKey;
  readonly slot: Slot;
  readonly sinceMs: number;
}

export function threatKey({ key, slot, sinceMs }: Threat, nonce: string): string {
  return `${DYING}${key}/${SLOTS.indexOf(slot)}-${sinceMs}-${nonce}`;
}

export function threatsOf(key: BlockKey): string {
  return `${DYING}${key}/`;
}

/** The threat that an object's key stands for; `undefined` for foreign names. */
export function parseThreat(objectKey: string): Threat | undefined {
  const [, key, index, sinceMs] = /^dying\/([a-z2-7]+)\/([01])-(\d{1,15})-/.exec(objectKey) ?? [];
  const slot = SLOTS[Number(index)];
  return key === undefined || slot === undefined ? undefined : { key, slot, sinceMs: Number(sinceMs) };
}
