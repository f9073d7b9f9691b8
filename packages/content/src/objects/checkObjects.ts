import { randomBytes } from 'node:crypto';
import { GleanerError } from '@gleaner/primitives';
import type { ObjectPort } from './ObjectPort.ts';

/**
 * Writes, reads, lists and removes one small object: what a store will do, with the same rights.
 * @throws {GleanerError} storage-unreachable, storage-refused, saying what to correct; storage-refused too when the storage does not
 * show at once what was written, on which the safety of sweeps rests
 */
export async function checkObjects(objects: ObjectPort): Promise<void> {
  const key = `check/${randomBytes(8).toString('hex')}`;
  const bytes = randomBytes(32);
  await objects.put(key, bytes);
  const read = await objects.get(key);
  const isListed = await has(objects, key);
  await objects.remove(key);
  const isGone = (await objects.size(key)) === undefined && !(await has(objects, key));
  if (read !== undefined && bytes.equals(read) && isListed && isGone) return;
  throw new GleanerError('storage-refused', `${objects.place} does not show at once what was written; content would be lost in it`, {
    details: { place: objects.place, read: read !== undefined, listed: isListed, removed: isGone },
  });
}

async function has(objects: ObjectPort, wanted: string): Promise<boolean> {
  for await (const { key } of objects.list(wanted)) if (key === wanted) return true;
  return false;
}
