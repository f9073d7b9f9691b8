// Compiled code is kept in the clone, so that the second of many processes starts in half the time.
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.env.NODE_COMPILE_CACHE ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '.cache', 'node');

// A folder that cannot be written is no failure: it only costs time.
module.enableCompileCache?.(folder);
process.env.NODE_COMPILE_CACHE = folder;
