import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './clone.ts';

const run = promisify(execFile);
const examplesDir = join(root, 'packages', 'sdk', 'examples');
/** The oldest Node that the package declares has the major version 20; on Debian it stands here. */
const SYSTEM_NODE = '/usr/bin/node';

/** The SDK as a stranger has it: packed, unpacked into an empty folder, with the examples beside it as plain JavaScript. */
export interface InstalledSdk {
  readonly folder: string;
  /** Version of the Node that runs the examples. */
  readonly nodeVersion: string;
  /** Runs an example and gives the JSON of its last line. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape belongs to the example
  example(name: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<any>;
}

/** @param registry installs the packages that it depends on from the registry, else those of the clone are used */
export async function installSdk(folder: string, { registry = false } = {}): Promise<InstalledSdk> {
  const dist = join(folder, 'dist');
  await run(process.execPath, [join(root, 'scripts', 'buildSdk.ts'), '--out', dist], { cwd: root });
  const { stdout } = await run('npm', ['pack', dist, '--json', '--pack-destination', folder], { cwd: folder });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await writeFile(join(folder, 'package.json'), '{ "name": "stranger", "private": true, "type": "module" }\n');
  if (registry) await run('npm', ['install', '--no-audit', '--no-fund', join(folder, filename)], { cwd: folder });
  else await unpack(folder, filename);
  await writeExamples(folder);
  await checkDeclarations(folder);
  const { node, version } = await oldestNode();
  return {
    folder,
    nodeVersion: version,
    async example(name, args, env) {
      const { stdout: said } = await run(node, [join(folder, `${name}.js`), ...args], { cwd: folder, env: { ...process.env, ...env } });
      return JSON.parse(said.trim().split('\n').at(-1) ?? '');
    },
  };
}

/** What npm would make of the archive, with the dependencies of the clone. */
async function unpack(folder: string, archive: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  const target = join(modules, '@gleaner', 'sdk');
  await mkdir(target, { recursive: true });
  await run('tar', ['-xzf', join(folder, archive), '-C', target, '--strip-components=1']);
  const { dependencies } = JSON.parse(await readFile(join(target, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) await symlink(join(root, 'node_modules', name), join(modules, name));
}

async function writeExamples(folder: string): Promise<void> {
  for (const name of await readdir(examplesDir)) {
    const source = stripTypeScriptTypes(await readFile(join(examplesDir, name), 'utf8'));
    await writeFile(join(folder, name.replace(/\.ts$/, '.js')), source.replaceAll(/(from '\.\/\w+)\.ts'/g, "$1.js'"));
  }
}

/** The examples as they are written must fit the declarations of the package, and those must stand without our sources. */
async function checkDeclarations(folder: string): Promise<void> {
  const types = join(folder, 'types');
  await cp(examplesDir, types, { recursive: true });
  const compilerOptions = {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
    lib: ['ES2024', 'DOM', 'DOM.AsyncIterable'],
  };
  await writeFile(join(types, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', types], { cwd: folder });
}

async function oldestNode(): Promise<{ readonly node: string; readonly version: string }> {
  const node = existsSync(SYSTEM_NODE) ? SYSTEM_NODE : process.execPath;
  return { node, version: (await run(node, ['--version'])).stdout.trim() };
}
