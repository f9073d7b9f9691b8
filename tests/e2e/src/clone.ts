import { join } from 'node:path';

/** Top folder of the clone. */
export const root = join(import.meta.dirname, '..', '..', '..');

/** The `gleaner` command as users start it. */
export const launcher = join(root, 'apps', 'cli', 'bin', 'gleaner.mjs');
/** What `npm start` runs. */
export const starter = join(root, 'apps', 'cli', 'src', 'start.ts');

/** Folders of the showcase programs. */
export const programFolder = (name: string): string => join(root, 'programs', name);
export const goMoveWasm = join(root, 'programs', 'go-move', 'go-move.wasm');
/** Writes shares of a table and of a picture: tests/e2e/programs/shares.c. */
export const sharesWasm = join(import.meta.dirname, '..', 'programs', 'shares.wasm');
/** Tells what it was given, or misbehaves: tests/e2e/programs/probe.c. */
export const probeWasm = join(import.meta.dirname, '..', 'programs', 'probe.wasm');
