import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.ts';
import { render } from './render.ts';

/** Compiles the contracts and writes what packages/abi exports. */
const target = fileURLToPath(new URL('../../packages/abi/src/generated', import.meta.url));
mkdirSync(target, { recursive: true });
for (const [file, content] of render(compile())) writeFileSync(join(target, file), content);
