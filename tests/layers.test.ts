import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Import levels of docs/architecture.md: a package may import strictly lower levels only. */
const LEVELS: Readonly<Record<string, number>> = {
  primitives: 0,
  abi: 0,
  protocol: 1,
  chain: 2,
  store: 2,
  content: 2,
  sandbox: 2,
  keys: 2,
  api: 2,
  attestation: 2,
  ledger: 3,
  sdk: 3,
  localnet: 3,
  enclave: 3,
  testkit: 4,
  orderbook: 4,
  scheduler: 4,
  worker: 4,
  gateway: 4,
  keeper: 4,
  secrets: 4,
  cli: 5,
  portal: 5,
  e2e: 5,
  stock: 6,
  bench: 5,
};

/** Imports within one level that are wanted, each with its reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'cli → portal': 'the network that the command starts serves the portal from its own process',
};

/** Pure functions of viem that levels 0 and 1 may use; everything else of viem talks to a network. */
const PURE_VIEM =
  /^(keccak256|sha256|encode\w+|decode\w+|hash\w+|recover\w+|getAddress|isAddress\w*|concat\w*|pad\w*|toHex|toBytes|toRlp|from\w+|hexTo\w+|bytesTo\w+|stringTo\w+|numberTo\w+|bigint\w*|slice\w*|size|isHex|zeroAddress|zeroHash|maxUint\d+|getContractAddress|parse\w+|format\w+|toFunctionSelector|toEventSelector|domainSeparator|verifyMessage|serialize\w+|stringify)$/;

/** I/O, clocks and randomness that levels 0 and 1 must not touch. */
const IMPURE = [
  /\bDate\.now\b/,
  /\bnew Date\(\)/,
  /\bMath\.random\b/,
  /\bprocess\./,
  /\bfetch\(/,
  /\bcrypto\.getRandomValues\b/,
  /\bsetTimeout\b/,
  /\bperformance\./,
];

interface Import {
  readonly from: string;
  readonly names: readonly string[];
}

const folders = ['packages', 'services', 'apps'].flatMap((parent) =>
  globSync(`${parent}/*/package.json`, { cwd: root }).map((file) => file.replace(/\/package\.json$/, '')),
);
const packages = [...folders, 'tests/e2e', 'tests/stock', 'bench'].map((folder) => ({ folder, name: folder.split('/').at(-1) ?? '' }));

function sources(folder: string): string[] {
  return globSync(`${folder}/src/**/*.{ts,tsx}`, { cwd: root });
}

const isTest = (file: string) => /(\.test(-d)?\.tsx?$)|(\/test\/)|(testing\.ts$)|(\/testing\/)/.test(file);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(/(?:^|\n)\s*(?:import|export)\s+(type\s+)?([^;'"]*?)\s*from\s*['"]([^'"]+)['"]/g)) {
    const names = /\{([^}]*)\}/.exec(match[2] ?? '')?.[1] ?? '';
    const values = match[1]
      ? []
      : names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '' && !name.startsWith('type '));
    found.push({ from: match[3] ?? '', names: values.map((name) => name.split(/\s+as\s+/)[0] ?? name) });
  }
  for (const match of text.matchAll(/import\(\s*['"]([^'"]+)['"]\s*\)/g)) found.push({ from: match[1] ?? '', names: [] });
  return found;
}

const ownName = (specifier: string) => /^@gleaner\/([a-z0-9-]+)/.exec(specifier)?.[1];

describe('import levels', () => {
  test('every package has a level', () => {
    expect(packages.map(({ name }) => name).filter((name) => !(name in LEVELS))).toEqual([]);
  });

  test.each(packages)('$folder imports strictly downward', ({ folder, name }) => {
    const level = LEVELS[name] ?? -1;
    const wrong = sources(folder)
      .filter((file) => !isTest(file))
      .flatMap((file) => importsOf(file).map(({ from }) => ({ file, target: ownName(from), from })))
      .filter(({ target }) => target !== undefined && target !== name && (LEVELS[target] ?? 99) >= level)
      .filter(({ target }) => !(`${name} → ${target}` in EXCEPTIONS))
      .map(({ file, from }) => `${file} → ${from}`);
    expect(wrong).toEqual([]);
  });

  test.each(packages)('$folder never reaches into another package by path', ({ folder }) => {
    const wrong = sources(folder).flatMap((file) =>
      importsOf(file)
        .filter(({ from }) => from.startsWith('.'))
        .filter(({ from }) => !join(file, '..', from).startsWith(`${folder}/`))
        .map(({ from }) => `${file} → ${from}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('levels 0 and 1 are pure', () => {
  const pure = packages.filter(({ name }) => (LEVELS[name] ?? 9) <= 1);

  test.each(pure)('$folder imports no I/O', ({ folder }) => {
    const wrong = sources(folder)
      .filter((file) => !isTest(file))
      .flatMap((file) => importsOf(file).flatMap(({ from, names }) => impureImports(from, names).map((what) => `${file} → ${what}`)));
    expect(wrong).toEqual([]);
  });

  test.each(pure)('$folder reads no clock, environment, network or randomness', ({ folder }) => {
    const wrong = sources(folder)
      .filter((file) => !isTest(file) && !file.includes('/generated/'))
      .flatMap((file) => {
        const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
        return IMPURE.filter((pattern) => pattern.test(text)).map((pattern) => `${file}: ${pattern.source}`);
      });
    expect(wrong).toEqual([]);
  });

  test('an impure import is noticed', () => {
    expect(impureImports('node:fs', ['readFileSync'])).not.toEqual([]);
    expect(impureImports('viem', ['createPublicClient', 'keccak256'])).toEqual(['viem.createPublicClient']);
  });
});

function impureImports(from: string, names: readonly string[]): string[] {
  if (from.startsWith('.') || ownName(from) !== undefined || from === 'zod' || from.startsWith('multiformats/')) return [];
  if (from === 'viem') return names.filter((name) => !PURE_VIEM.test(name)).map((name) => `viem.${name}`);
  return [from];
}
