import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Top folder of the clone. */
const rootDir = join(here, '..', '..', '..', '..');

/** Folder of the showcase programs. */
export const programsDir = join(rootDir, 'programs');

/** Main file of a service. */
export function serviceEntry(name: 'orderbook' | 'scheduler' | 'gateway' | 'keeper' | 'worker'): string {
  return join(rootDir, 'services', name, 'src', 'main.ts');
}
