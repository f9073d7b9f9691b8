import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordBuild } from './buildRecord.ts';
import { compile } from './compile.ts';
import { render } from './render.ts';

/** Compiles the contracts, writes what packages/abi exports, and records from which sources. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const files = render(compile());
for (const [file, content] of files) writeFileSync(join(root, file), content);
recordBuild([...files.keys()]);
