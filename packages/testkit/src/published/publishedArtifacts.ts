import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Address, Hex } from '@gleaner/primitives';
import { type Abi, toFunctionSelector } from 'viem';

/** One contract of the npm package `@iexec/poco`, as its compiler left it. */
export interface PublishedArtifact {
  readonly abi: Abi;
  /** Creation code; libraries are still placeholders in it. */
  readonly bytecode: Hex;
  /** File → library → places (bytes) of its address in the creation code. */
  readonly linkReferences: Readonly<
    Record<string, Readonly<Record<string, readonly { readonly start: number; readonly length: number }[]>>>
  >;
}

const require = createRequire(import.meta.url);
const contracts = join(dirname(require.resolve('@iexec/poco/package.json')), 'artifacts', 'contracts');

/** @param path below `contracts/`, for example `facets/IexecPoco1Facet.sol` */
export function publishedArtifact(path: string): PublishedArtifact {
  const name = path
    .split('/')
    .at(-1)
    ?.replace(/(\.v8)?\.sol$/, '');
  return JSON.parse(readFileSync(join(contracts, path, `${name}.json`), 'utf8')) as PublishedArtifact;
}

/** The token that the published suite runs on (`rlc-faucet-contract`). */
export function faucetToken(): { readonly abi: Abi; readonly bytecode: Hex } {
  return require('rlc-faucet-contract/build/contracts/RLC.json') as { abi: Abi; bytecode: Hex };
}

/** Creation code with this address for every library. */
export function link({ bytecode, linkReferences }: PublishedArtifact, library: Address): Hex {
  let code: string = bytecode;
  for (const { start, length } of Object.values(linkReferences).flatMap((libraries) => Object.values(libraries).flat())) {
    const from = 2 + start * 2;
    code = code.slice(0, from) + library.slice(2).toLowerCase() + code.slice(from + length * 2);
  }
  return code as Hex;
}

/** Selectors of every function; the escrow's `receive` and `fallback` are cut in under 0x00000000 and 0xffffffff. */
export function facetSelectors({ abi }: PublishedArtifact): Hex[] {
  return abi.flatMap((item) => {
    if (item.type === 'function') return [toFunctionSelector(item)];
    if (item.type === 'receive') return ['0x00000000' as const];
    return item.type === 'fallback' ? ['0xffffffff' as const] : [];
  });
}
