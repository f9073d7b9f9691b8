import { randomBytes } from 'node:crypto';
import { createDiskStore } from '../src/index.ts';

/** Adds pinned files to the folder in argv until it is killed; tells its parent after the first. */
const store = await createDiskStore(process.argv[2] ?? '');
for (let round = 0; ; round += 1) {
  await store.add(randomBytes(700_000), { pin: true });
  if (round === 0) process.send?.('first');
}
