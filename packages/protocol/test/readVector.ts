import { readFileSync } from 'node:fs';

/** A file of tests/vectors, which Solidity reads as well. */
export function readVector<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../tests/vectors/${name}.json`, import.meta.url), 'utf8')) as T;
}
