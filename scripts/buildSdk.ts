/**
 * `npm run build:sdk`: the SDK and the parts of the other packages that it needs as plain modules with declarations, in packages/sdk/dist,
 * ready for `npm pack` and `npm publish`. Every source stays a module of its own, so that a bundler takes only what is used.
 * `--out DIR` names another folder, which is replaced.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { root } from './root.ts';

const packagesDir = join(root, 'packages');
const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;
const distDir = out === undefined ? join(packagesDir, 'sdk', 'dist') : resolve(out);
const entry = join(packagesDir, 'sdk', 'src', 'index.ts');
/** `import`, `export … from` and `import()` of a declaration file. */
const SPECIFIER = /(\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"]+)\2/g;

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const readPackage = (name: string): PackageJson => JSON.parse(readFileSync(join(packagesDir, name, 'package.json'), 'utf8'));

rmSync(distDir, { recursive: true, force: true });
const external = await writeModules();
writeDeclarations();
writePackage(external);

/** @returns names of the packages that stay imports */
async function writeModules(): Promise<ReadonlySet<string>> {
  const build = await rolldown({
    input: entry,
    platform: 'neutral',
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('@gleaner/'),
    treeshake: { moduleSideEffects: false },
    logLevel: 'warn',
  });
  const { output } = await build.write({
    dir: distDir,
    format: 'esm',
    preserveModules: true,
    preserveModulesRoot: packagesDir,
    entryFileNames: '[name].js',
  });
  const imported = output.flatMap((part) => (part.type === 'chunk' ? part.imports : [])).filter((id) => !id.endsWith('.js'));
  return new Set(
    imported.map((id) =>
      id
        .split('/')
        .slice(0, id.startsWith('@') ? 2 : 1)
        .join('/'),
    ),
  );
}

/** The declarations that the index reaches, with imports between packages as paths. */
function writeDeclarations(): void {
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/sdk'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`tsc: ${stdout}`);
  const waiting = [entry];
  const seen = new Set(waiting);
  for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
    const target = join(distDir, relative(packagesDir, source)).replace(/\.ts$/, '.d.ts');
    const declaration = join(root, '.cache', 'tsc', relative(root, source)).replace(/\.ts$/, '.d.ts');
    const text = readFileSync(declaration, 'utf8').replace(SPECIFIER, (all, before: string, quote: string, specifier: string) => {
      const file = sourceOf(source as string, specifier);
      if (file === undefined) return all;
      if (!seen.has(file)) waiting.push(file);
      seen.add(file);
      const path = relative(dirname(source as string), file).replace(/\.ts$/, '.js');
      return `${before}${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
    });
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** The source file that an import of ours leads to; `undefined` for a package of others. */
function sourceOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier);
  const [, name, path] = /^@gleaner\/([a-z-]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  const file = readPackage(name).exports[path === undefined ? '.' : `./${path}`];
  if (file === undefined) throw new Error(`${specifier} is not exported`);
  return join(packagesDir, name, file);
}

function writePackage(external: ReadonlySet<string>): void {
  const { name, version, description, license } = readPackage('sdk');
  const parts = ['api', 'chain', 'content', 'primitives', 'protocol', 'sdk'].map(readPackage);
  const known = Object.assign({}, ...parts.map(({ dependencies }) => dependencies)) as Record<string, string>;
  const builtin = [...external].filter((id) => known[id] === undefined);
  if (builtin.length > 0) throw new Error(`The SDK must run in browsers, but it imports ${builtin.join(', ')}`);
  const manifest = {
    name,
    version,
    description,
    license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    exports: { '.': { types: './sdk/src/index.d.ts', default: './sdk/src/index.js' } },
    dependencies: Object.fromEntries([...external].sort().map((id) => [id, known[id]])),
  };
  writeFileSync(join(distDir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(join(packagesDir, 'sdk', 'README.md'), join(distDir, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(distDir, 'LICENSE'));
}
