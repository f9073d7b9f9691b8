// Command-line face of the npm compiler for forge: answers --version, otherwise compiles standard JSON from stdin.
import { readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import solc from 'solc';

if (process.argv.includes('--version')) {
  const version = solc.version().replace('Emscripten.clang', 'Linux.g++');
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else {
  process.stdout.write(solc.compile(JSON.stringify(withRelativeNames(JSON.parse(readFileSync(0, 'utf8'))))));
}

/** Files outside the project come under absolute names but are imported relative to the base path. */
function withRelativeNames(input) {
  const base = process.argv[process.argv.indexOf('--base-path') + 1];
  const rename = (name) => (isAbsolute(name) ? relative(base, name) : name);
  const sources = Object.fromEntries(Object.entries(input.sources).map(([name, source]) => [rename(name), source]));
  return { ...input, sources };
}
