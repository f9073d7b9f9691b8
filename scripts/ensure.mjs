// Makes a fresh clone runnable: npm packages as the lockfile pins them, then Debian packages when that is possible.
// Plain Node 20 without dependencies, because nothing is installed yet when it runs.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const marker = join(root, 'node_modules', '.gleaner-installed');

/** Debian packages that add something; none is indispensable. */
const SYSTEM_PACKAGES = [
  { name: 'bubblewrap', binary: 'bwrap', gives: 'a second wall (no network, no host files) around every program that a worker runs' },
];
/** The same for the tests; 1.5 MB. */
const TEST_PACKAGES = [{ name: 'wabt', binary: 'wasm-interp', gives: 'a second WebAssembly engine to compare with in the tests' }];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Gleaner needs Node 20.19 or newer to install itself, this is ${process.versions.node}.`);
}
installNpmPackages();
const systemPackages = process.argv.includes('--tests') ? [...SYSTEM_PACKAGES, ...TEST_PACKAGES] : SYSTEM_PACKAGES;
if (!process.argv.includes('--no-system')) systemPackages.filter((entry) => !onPath(entry.binary)).forEach(installSystemPackage);
bundleCommands();

/** With the Node that the packages bring, as this one may be too old to run TypeScript. A failure costs time at each start, nothing else. */
function bundleCommands() {
  const bundled = join(root, 'node_modules', '.bin', 'node');
  spawnSync(existsSync(bundled) ? bundled : process.execPath, [join(root, 'scripts', 'bundle.ts')], { stdio: ['ignore', 2, 2] });
}

function installNpmPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  console.error('Installing npm packages (once)…');
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  // No package of ours needs an install script, so none may run. Not `npm ci`: it refuses a lockfile that lacks the builds of optional
  // packages for other platforms, and a mirror may not have those.
  const result = spawnSync(command, [...args, 'install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, NODE_ENV: 'development' },
  });
  if (result.status !== 0) fail('npm could not install the packages; its messages are above.');
  const bundled = join(root, 'node_modules', '.bin', 'node');
  if (!existsSync(bundled) && (major < 22 || (major === 22 && minor < 18))) {
    fail(
      `There is no bundled Node for ${process.platform}-${process.arch}; install Node 24 and start again (this is ${process.versions.node}).`,
    );
  }
  writeFileSync(marker, wanted);
}

function installSystemPackage({ name, binary, gives }) {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !onPath('apt-get')) {
    console.error(`Optional: \`${binary}\` is missing; it gives ${gives}. Install it with: sudo apt-get install ${name}`);
    return;
  }
  console.error(`Installing the Debian package ${name} (once)…`);
  const install = () => apt(['install', '-y', '--no-install-recommends', name]);
  if (!install() && !(apt(['update']) && install())) {
    console.error(`Optional: ${name} could not be installed; without it Gleaner lacks ${gives}.`);
  }
}

function apt(args) {
  return (
    spawnSync('apt-get', ['-qq', ...args], {
      stdio: 'ignore',
      timeout: 180_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  );
}

function onPath(binary) {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', binary], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
