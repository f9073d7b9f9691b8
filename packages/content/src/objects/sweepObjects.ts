import { randomBytes } from 'node:crypto';
import type { Clock } from '@gleaner/primitives';
import type { BlockKey } from '../BlockStorage.ts';
import { inParallel } from './inParallel.ts';
import { DYING, FRESH, freshKey, parseThreat, SLOTS, type Slot, threatKey } from './layout.ts';
import type { ObjectPort } from './ObjectPort.ts';

/** A sweep that has not removed a block this long after it said so gives up on it. */
const GIVE_UP_MS = 5 * 60_000;
/** A threat this old is void: whoever made it has given up or died. Far above `GIVE_UP_MS`, as clocks differ and requests linger. */
export const VOID_MS = 3_600_000;
const AT_ONCE = 8;

export interface Sweep {
  readonly objects: ObjectPort;
  readonly clock: Clock;
  readonly keep: (key: BlockKey) => boolean;
  /** Blocks put after this time stay. */
  readonly beforeMs: number;
}

/**
 * Removes blocks that nobody keeps and nobody has put lately. Any number of sweeps and puts may run at once.
 *
 * Why no acknowledged put is lost: a put writes the fresh marker, then reads the threats, then relies on (or writes) the block in a slot
 * that is not under threat. A sweep writes a threat, then reads the fresh marker, then removes. If the threat was there when the put looked,
 * the put uses the other slot. If not, the sweep reads the marker after the put has written it, and lets the block be. A threat is taken
 * back only by the sweep that made it, after its removal has been answered.
 */
export async function sweepObjects(sweep: Sweep): Promise<{ blocks: number; bytes: number }> {
  const removed = { blocks: 0, bytes: 0 };
  const spared = new Set<BlockKey>();
  for (const slot of SLOTS) {
    await inParallel(garbageIn(sweep, slot), AT_ONCE, async ({ key, sizeBytes }) => {
      if (await removeBlock(sweep, key, slot)) {
        removed.blocks += 1;
        removed.bytes += sizeBytes;
      } else spared.add(key);
    });
  }
  await removeMarkers(sweep, spared);
  return removed;
}

async function* garbageIn({ objects, keep }: Sweep, slot: Slot): AsyncGenerator<{ key: BlockKey; sizeBytes: number }, void, undefined> {
  for await (const { key, sizeBytes } of objects.list(slot)) {
    const block = key.slice(slot.length);
    if (!keep(block)) yield { key: block, sizeBytes };
  }
}

/** @returns whether the block is gone from the slot */
async function removeBlock(sweep: Sweep, key: BlockKey, slot: Slot): Promise<boolean> {
  const { objects, clock } = sweep;
  if (await markedFresh(sweep, key)) return false;
  const sinceMs = clock.nowMs();
  const threat = threatKey({ key, slot, sinceMs }, randomBytes(8).toString('hex'));
  await objects.put(threat, new Uint8Array());
  const isGarbage = !(await markedFresh(sweep, key)) && clock.nowMs() - sinceMs < GIVE_UP_MS;
  // a removal whose answer is lost leaves the threat standing, as it may still arrive
  if (isGarbage) await objects.remove(slot + key, { once: true });
  await objects.remove(threat);
  return isGarbage;
}

/** Whether a block was put lately. One without a marker counts as put now, and gets one: its marker may just have been tidied away. */
async function markedFresh({ objects, clock, beforeMs }: Sweep, key: BlockKey): Promise<boolean> {
  const text = await objects.get(freshKey(key));
  const putMs = text === undefined ? Number.NaN : Number(Buffer.from(text).toString('latin1'));
  if (Number.isSafeInteger(putMs)) return putMs > beforeMs;
  await objects.put(freshKey(key), Buffer.from(`${clock.nowMs()}`));
  return true;
}

/** Markers whose block is gone, and void threats. */
async function removeMarkers(sweep: Sweep, spared: ReadonlySet<BlockKey>): Promise<void> {
  const { objects, keep, clock } = sweep;
  const isLeftOver = (key: BlockKey) => !keep(key) && !spared.has(key);
  await inParallel(objects.list(FRESH), AT_ONCE, async ({ key }) => {
    const block = key.slice(FRESH.length);
    if (isLeftOver(block) && !(await markedFresh(sweep, block))) await objects.remove(key);
  });
  await inParallel(objects.list(DYING), AT_ONCE, async ({ key }) => {
    const sinceMs = parseThreat(key)?.sinceMs ?? 0;
    if (clock.nowMs() - sinceMs > VOID_MS) await objects.remove(key);
  });
}
