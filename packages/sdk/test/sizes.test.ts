import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { describe, expect, test } from 'vitest';
import * as sdk from '../src/index.ts';

interface Budget {
  readonly what: string;
  readonly imports: readonly string[];
  /** Most bytes of the minified bundle, compressed; dependencies included. */
  readonly gzipBytes: number;
}

const BUDGETS: readonly Budget[] = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'sizes.json'), 'utf8'));
const index = join(import.meta.dirname, '..', 'src', 'index.ts');
/** A budget that is not nearly used is no budget. */
const LEAST_USE = 0.9;

describe('what a page loads', () => {
  test.each(BUDGETS)('to $what stays within its budget, and most of the budget is used', async ({ imports, gzipBytes }) => {
    const size = gzipSync((await bundle(imports)).code).length;
    expect(size).toBeLessThanOrEqual(gzipBytes);
    expect(size).toBeGreaterThan(gzipBytes * LEAST_USE);
  });

  test('of all that there is asks for nothing that browsers lack', async () => {
    const { imports, code } = await bundle(Object.keys(sdk));
    expect(imports.filter((id) => isBuiltin(id))).toEqual([]);
    expect(code).not.toMatch(/\bBuffer\.(from|concat|alloc)\b|\brequire\(/);
  });
});

async function bundle(names: readonly string[]): Promise<{ readonly code: string; readonly imports: readonly string[] }> {
  const build = await rolldown({
    input: 'entry',
    platform: 'browser',
    external: isBuiltin,
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? '\0entry' : null),
        load: (id) => (id === '\0entry' ? `export { ${names.join(', ')} } from ${JSON.stringify(index)};` : null),
      },
    ],
    logLevel: 'silent',
  });
  const { output } = await build.generate({ format: 'esm', minify: true });
  await build.close();
  const chunks = output.flatMap((part) => (part.type === 'chunk' ? [part] : []));
  return { code: chunks.map(({ code }) => code).join('\n'), imports: chunks.flatMap(({ imports }) => imports) };
}
