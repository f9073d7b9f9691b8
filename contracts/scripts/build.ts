import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.ts';
import { render } from './render.ts';

/** Compiles the contracts and writes what packages/abi exports. */
const root = fileURLToPath(new URL('../..', import.meta.url));
for (const [file, content] of render(compile())) writeFileSync(join(root, file), content);
