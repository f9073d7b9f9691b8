import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const library = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
const { version } = JSON.parse(readFileSync(join(library, '..', 'package.json'), 'utf8')) as { version: string };

/** Names the files that this embedded database reads and writes: those of another version are not for it. */
export const EMBEDDED_FORMAT = `pglite-${version}`;
