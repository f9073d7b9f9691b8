import { hubAbi } from '@gleaner/abi';
import { type Address, GleanerError, type Hex, ZERO_BYTES32 } from '@gleaner/primitives';
import type { Category } from '@gleaner/protocol';
import { isAddressEqual, parseAbi } from 'viem';
import type { Chain } from '../client/createChain.ts';
import { readHub } from '../reads/readHub.ts';
import { CREATE2_FACTORY } from './create2.ts';
import type { Layout, Placed, Progress } from './plan.ts';

const registryAbi = parseAbi(['function initialized() view returns (bool)', 'function owner() view returns (address)']);

/** @throws {GleanerError} network-start-failed when the chain lacks the CREATE2 factory */
export async function assertFactory(chain: Chain): Promise<void> {
  if (await hasCode(chain, CREATE2_FACTORY)) return;
  throw new GleanerError(
    'network-start-failed',
    `The chain lacks the CREATE2 factory ${CREATE2_FACTORY}; create it with its published transaction, or start the local chain with it`,
    { details: { factory: CREATE2_FACTORY } },
  );
}

/** Reads how far a deployment has come. `chain.hubAddress` is the hub of the layout. */
export async function readProgress(chain: Chain, layout: Layout): Promise<Progress> {
  const places = [...layout.parts, layout.hub];
  const codes = await Promise.all(places.map(({ address }) => hasCode(chain, address)));
  const present = new Set(places.filter((_, i) => codes[i]).map(({ address }) => address));
  const registries = Object.values(layout.addresses.registries).filter((registry) => present.has(registry));
  const flags = await Promise.all(registries.map((registry) => isInitialized(chain, registry)));
  const initialized = new Set(registries.filter((_, i) => flags[i]));
  if (!present.has(layout.hub.address)) return { present, initialized, configured: false, categories: 0 };
  const [separator, count] = await Promise.all([readSeparator(chain), readHub(chain).countCategory()]);
  return { present, initialized, configured: separator !== ZERO_BYTES32, categories: Number(count) };
}

/**
 * Checks that what is there is what this release would create: code of the parts, addresses the hub works with, categories.
 * @throws {GleanerError} network-start-failed naming the first difference
 */
export async function verifyDeployment(chain: Chain, layout: Layout, categories: readonly Category[]): Promise<void> {
  await Promise.all([...layout.parts, layout.hub].filter(({ portable }) => portable).map((part) => verifyCode(chain, part)));
  const hub = readHub(chain);
  const [found, owner, there] = await Promise.all([hub.addresses(), hub.settings().then((s) => s.owner), hub.viewCategories()]);
  const { token, registries } = layout.addresses;
  assertSame('token', token, found.token);
  assertSame('app registry', registries.app, found.registries.app);
  assertSame('dataset registry', registries.dataset, found.registries.dataset);
  assertSame('workerpool registry', registries.workerpool, found.registries.workerpool);
  assertSame('owner', layout.owner, owner);
  for (const [id, category] of categories.entries()) verifyCategory(id, category, there[id]);
}

/** Runs the creation code without a transaction and compares what it leaves with what is there. */
async function verifyCode(chain: Chain, { name, address, creationCode }: Placed): Promise<void> {
  const [expected, found] = await chain.attempt(
    (rpc) => Promise.all([rpc.call({ data: creationCode }).then(({ data }) => data), rpc.getCode({ address })]),
    `code of ${name}`,
  );
  if (expected !== found) throw differs(`code of ${name}`, `that of this release`, `other code at ${address}`);
}

function verifyCategory(id: number, expected: Category, found: Category | undefined): void {
  const text = ({ name, workClockTimeRef }: Category): string => `${name} of ${workClockTimeRef} s`;
  if (!found || text(found) !== text(expected)) throw differs(`category ${id}`, text(expected), found ? text(found) : 'none');
}

function assertSame(what: string, expected: Address, found: Address): void {
  if (!isAddressEqual(expected, found)) throw differs(what, expected, found);
}

function differs(what: string, expected: string, found: string): GleanerError {
  return new GleanerError(
    'network-start-failed',
    `The market on this chain differs from the one asked for: ${what} is ${found}, expected ${expected}`,
    {
      details: { what, expected, found },
    },
  );
}

async function hasCode(chain: Chain, address: Address): Promise<boolean> {
  const code: Hex | undefined = await chain.attempt((rpc) => rpc.getCode({ address }), 'code');
  return code !== undefined && code !== '0x';
}

function isInitialized(chain: Chain, registry: Address): Promise<boolean> {
  return chain.attempt((rpc) => rpc.readContract({ address: registry, abi: registryAbi, functionName: 'initialized' }), 'initialized');
}

function readSeparator(chain: Chain): Promise<Hex> {
  return chain.attempt(
    (rpc) => rpc.readContract({ address: chain.hubAddress, abi: hubAbi, functionName: 'eip712domain_separator' }),
    'eip712domain_separator',
  );
}
