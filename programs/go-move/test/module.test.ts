import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileProgram, describeModule, readManifest } from '../../src/buildProgram.ts';
import { compilerVersion, missingPackages } from '../../src/toolchain.ts';
import { programFolder } from './goMove.ts';

describe('committed module of go-move', async () => {
  const manifest = await readManifest(programFolder);
  const bytes = await readFile(join(programFolder, manifest.module.file));

  it('is the one that the manifest describes', async () => {
    expect(await describeModule('go-move.wasm', bytes)).toEqual(manifest.module);
  });

  it('is small and imports nothing but files, arguments and the end', () => {
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
    expect(bytes.length).toBeLessThan(100_000);
    expect(new Set(imports.map((item) => item.module))).toEqual(new Set(['wasi_snapshot_preview1']));
    expect(imports.map((item) => item.name).filter((name) => /clock|random|poll|sock/.test(name))).toEqual([]);
  });

  it('is what its sources give, byte for byte', async ({ skip }) => {
    const missing = await missingPackages();
    if (missing.length > 0) skip(`the Debian packages ${missing.join(', ')} are not installed`);
    const compiler = await compilerVersion();
    if (compiler !== manifest.build.compiler)
      skip(`the module was built with "${manifest.build.compiler}", this machine has "${compiler}"`);
    expect(Buffer.compare(await compileProgram(programFolder, manifest), bytes)).toBe(0);
  });
});
