// `npm start`; see src/start.ts.
import './compileCache.mjs';
import { fileURLToPath } from 'node:url';
import { entryOf } from '../src/bundle/entryOf.ts';

await import(entryOf(fileURLToPath(new URL('../src/start.ts', import.meta.url))));
