#!/usr/bin/env node
// Finds a Node that runs TypeScript directly: this one, or the one installed beside the packages.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'main.ts');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major >= 24 || (major === 22 && minor >= 18)) {
  await import('./compileCache.mjs');
  const { entryOf } = await import('../src/bundle/entryOf.ts');
  await import(entryOf(main));
} else {
  const node = bundledNode();
  if (node === undefined) {
    console.error(
      `gleaner needs Node 22.18 or newer, this is ${process.versions.node}. Run \`npm start\` once in the clone: it installs a fitting Node beside the packages.`,
    );
    process.exit(1);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function bundledNode() {
  const require = createRequire(import.meta.url);
  try {
    const path = join(dirname(require.resolve(`node-${process.platform}-${process.arch}/package.json`)), 'bin', 'node');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
