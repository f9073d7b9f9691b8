// node main.mjs <file> [--anchor <hash>]…

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { verify } from './verify.mjs';

const USAGE = 'usage: node main.mjs <file> [--anchor <hash>]…';
const EXIT_REJECTED = 1;
const EXIT_USAGE = 2;
// One byte more than a receipt may have: enough to see that it is too large.
const MAX_READ_BYTES = 64 * 1024 * 1024 + 1;

/**
 * @param {string} path
 * @returns {Uint8Array} the file, or so much of it that it is too large
 */
function readBounded(path) {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const buffer = new Uint8Array(Math.min(size, MAX_READ_BYTES));
    let length = 0;
    for (let count = -1; count !== 0 && length < buffer.length; length += count) {
      count = readSync(file, buffer, length, buffer.length - length, null);
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** @returns {{ path: string, anchors: string[] } | undefined} */
function readArguments() {
  try {
    const { values, positionals } = parseArgs({ options: { anchor: { type: 'string', multiple: true } }, allowPositionals: true });
    return positionals.length === 1 ? { path: positionals[0], anchors: values.anchor ?? [] } : undefined;
  } catch {
    return undefined;
  }
}

/** @returns {number} exit code */
function main() {
  const given = readArguments();
  if (given === undefined) {
    console.error(USAGE);
    return EXIT_USAGE;
  }
  let bytes;
  try {
    bytes = readBounded(given.path);
  } catch (error) {
    console.error(`${given.path} cannot be read: ${error instanceof Error ? error.message : error}`);
    return EXIT_USAGE;
  }
  const verdict = verify(bytes, { anchors: given.anchors });
  console.log(JSON.stringify(verdict, undefined, 2));
  const isRejected = 'malformed' in verdict || [verdict.rules, verdict.signatures, verdict.inclusion].some((value) => value === 'failed');
  return isRejected ? EXIT_REJECTED : 0;
}

process.exitCode = main();
