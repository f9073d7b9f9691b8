import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstNode } from '../natspec.ts';

const require = createRequire(import.meta.url);
const contractsFolder = fileURLToPath(new URL('..', import.meta.url));

/** One entry of a contract ABI as the compiler writes it. */
export interface AbiEntry {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly AbiParameter[];
  readonly [key: string]: unknown;
}

export interface AbiParameter {
  readonly name: string;
  readonly type: string;
  readonly components?: readonly AbiParameter[];
}

export interface CompiledContract {
  readonly abi: readonly AbiEntry[];
  /** Creation code, hex with 0x. */
  readonly bytecode: `0x${string}`;
  /** Function signature to selector (8 hex digits). */
  readonly selectors: Readonly<Record<string, string>>;
}

/** Mirrors foundry.toml: the same settings make the same code. */
const settings = {
  viaIR: true,
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 1000 },
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.methodIdentifiers'] } },
};

interface SolcOutput {
  readonly sources?: Record<string, { readonly ast: AstNode }>;
  readonly errors?: readonly {
    readonly severity: string;
    readonly formattedMessage: string;
    readonly sourceLocation?: { readonly file: string };
  }[];
  readonly contracts?: Record<string, Record<string, SolcContract>>;
}

interface SolcContract {
  readonly abi: AbiEntry[];
  readonly evm: { readonly bytecode: { readonly object: string }; readonly methodIdentifiers: Record<string, string> };
}

/** Compiles everything below `src` and gives the contracts by name. Throws with the compiler's text on an error anywhere or a warning in `src`. */
export function compile(): Map<string, CompiledContract> {
  return byName(runCompiler(compilerInput()));
}

/** Syntax trees of everything below `src` and of what it imports, by path. Makes no code, so it takes seconds. Throws as `compile`. */
export function syntaxTrees(): Record<string, AstNode> {
  const { sources = {} } = runCompiler({
    ...compilerInput(),
    settings: { evmVersion: settings.evmVersion, outputSelection: { '*': { '': ['ast'] } } },
  });
  return Object.fromEntries(Object.entries(sources).map(([path, { ast }]) => [path, ast]));
}

function runCompiler(input: object): SolcOutput {
  const solc = require('solc') as { compile(input: string, callbacks: { import(path: string): { contents: string } }): string };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport })) as SolcOutput;
  const ours = (output.errors ?? []).filter((error) => error.severity === 'error' || error.sourceLocation?.file.startsWith('src/'));
  const problems = ours.map((error) => error.formattedMessage);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return output;
}

/** What the compiler is given: everything below `src`, and the settings. */
export function compilerInput() {
  return { language: 'Solidity', sources: readSources(), settings };
}

function readSources(): Record<string, { content: string }> {
  const folder = join(contractsFolder, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sol'));
  return Object.fromEntries(files.sort().map((file) => [`src/${file}`, { content: readFileSync(join(folder, file), 'utf8') }]));
}

function readImport(path: string): { contents: string } {
  return { contents: readFileSync(require.resolve(path), 'utf8') };
}

function byName(output: SolcOutput): Map<string, CompiledContract> {
  const found = new Map<string, CompiledContract>();
  for (const [file, contracts] of Object.entries(output.contracts ?? {})) {
    if (relative('src', file).startsWith('..')) continue;
    for (const [name, { abi, evm }] of Object.entries(contracts)) {
      found.set(name, { abi, bytecode: `0x${evm.bytecode.object}`, selectors: evm.methodIdentifiers });
    }
  }
  return found;
}
