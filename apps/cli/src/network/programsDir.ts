import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryOf } from '../bundle/entryOf.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** Top folder of the clone. */
const rootDir = join(here, '..', '..', '..', '..');

/** Folder of the showcase programs. */
export const programsDir = join(rootDir, 'programs');

/** Main file of a service: its bundle where it has one. */
export function serviceEntry(name: 'orderbook' | 'secrets' | 'scheduler' | 'gateway' | 'keeper' | 'worker'): string {
  return entryOf(join(rootDir, 'services', name, 'src', 'main.ts'));
}
