import { appRegistryAbi, hubAbi, hubFacets, timelockAbi } from '@gleaner/abi';
import { type Address, GleanerError, ZERO_ADDRESS } from '@gleaner/primitives';
import { type Category, HUB_DECIMALS, HUB_NAME, HUB_SYMBOL, orderDomain } from '@gleaner/protocol';
import { domainSeparator, getAddress, isAddressEqual } from 'viem';
import type { Chain } from '../client/createChain.ts';
import { readHub } from '../reads/readHub.ts';
import { checkCuts } from './checkCuts.ts';
import type { Layout, Placed } from './layOut.ts';
import type { Progress } from './plan.ts';

/** Something of a market that is not as this release and these options would make it. */
export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Compares what is there with the layout: code of the parts, facets by selector, cuts since the creation, owners, older registries, timelock, settings,
 * categories. What is not there yet is no difference.
 */
export async function checkDeployment(
  chain: Chain,
  layout: Layout,
  progress: Progress,
  categories: readonly Category[],
): Promise<Difference[]> {
  const places = [...layout.parts, layout.hub].filter(({ portable, address }) => portable && progress.present.has(address));
  const isThere = progress.present.has(layout.hub.address);
  const found = await Promise.all([
    ...places.map((part) => checkCode(chain, part)),
    checkOwners(layout, progress),
    ...[...progress.initialized].map((registry) => checkPrevious(chain, registry)),
    isThere ? checkFacets(chain, layout) : [],
    isThere && layout.timelock ? checkCuts(chain, layout.hub.address) : [],
    isThere ? checkCategories(chain, categories) : [],
    progress.configured ? checkSettings(chain, layout) : [],
    layout.timelock && progress.present.has(layout.timelock.address) ? checkTimelock(chain, layout.timelock) : [],
  ]);
  return found.flat();
}

/** What a finished deployment still lacks. */
export function missingParts(layout: Layout, progress: Progress, categories: readonly Category[]): Difference[] {
  const lacks = (what: string): Difference => ({ what, expected: 'there', found: 'missing' });
  const { present, owners } = progress;
  return [
    ...[...layout.parts, layout.hub].filter(({ address }) => !present.has(address)).map(({ name }) => lacks(name)),
    ...(progress.configured ? [] : [lacks('configuration of the hub')]),
    ...Object.entries(layout.addresses.registries)
      .filter(([, registry]) => !progress.initialized.has(registry))
      .map(([kind]) => lacks(`initialisation of the ${kind} registry`)),
    ...categories.slice(progress.categories).map(({ name }) => lacks(`category ${name}`)),
    ...[...owners].filter(([, owner]) => !isAddressEqual(owner, layout.owner)).map(([owned]) => lacks(`handover of ${owned}`)),
  ];
}

/** @throws {GleanerError} deployment-differs with all differences, when there is one */
export function assertSame(differences: readonly Difference[]): void {
  const [first] = differences;
  if (!first) return;
  const text = ({ what, expected, found }: Difference): string => `${what} is ${found}, expected ${expected}`;
  const others = differences.length > 1 ? `, and ${differences.length - 1} more` : '';
  throw new GleanerError('deployment-differs', `The market on this chain differs from the one asked for: ${text(first)}${others}`, {
    details: { count: differences.length, differences: differences.map(text).join('; ') },
  });
}

/** Runs the creation code without a transaction and compares what it leaves with what is there. */
async function checkCode(chain: Chain, { name, address, creationCode }: Placed): Promise<Difference[]> {
  const [expected, found] = await chain.attempt(
    (rpc) => Promise.all([rpc.call({ data: creationCode }).then(({ data }) => data), rpc.getCode({ address })]),
    `code of ${name}`,
  );
  return same(`code of ${name}`, expected === found ? 'that of this release' : `other code at ${address}`, 'that of this release');
}

function checkOwners(layout: Layout, { owners }: Progress): Difference[] {
  const allowed = [layout.owner, layout.deployer];
  return [...owners]
    .filter(([, owner]) => !allowed.some((account) => isAddressEqual(account, owner)))
    .map(([owned, owner]) => ({ what: `owner of ${owned}`, expected: layout.owner, found: owner }));
}

/** Whatever an older registry calls registered, counts as registered. */
async function checkPrevious(chain: Chain, registry: Address): Promise<Difference[]> {
  const previous = await chain.attempt(
    (rpc) => rpc.readContract({ address: registry, abi: appRegistryAbi, functionName: 'previous' }),
    'previous',
  );
  return same(`older registry of ${registry}`, previous, ZERO_ADDRESS);
}

/** Selector by selector, so that an upgraded, an added and a removed function each show. */
async function checkFacets(chain: Chain, layout: Layout): Promise<Difference[]> {
  const there = await chain.attempt(
    (rpc) => rpc.readContract({ address: chain.hubAddress, abi: hubAbi, functionName: 'facets' }),
    'facets',
  );
  const found = new Map(
    there
      .filter(({ target }) => !isAddressEqual(target, chain.hubAddress))
      .flatMap(({ target, selectors }) => selectors.map((selector) => [selector, getAddress(target)] as const)),
  );
  const expected = new Map(
    hubFacets.flatMap(({ selectors }, i) => selectors.map((selector) => [selector as string, layout.facets[i]?.address ?? ''] as const)),
  );
  const selectors = [...new Set([...expected.keys(), ...found.keys()])].sort();
  return selectors.flatMap((selector) =>
    same(`facet of ${selector}`, found.get(selector as `0x${string}`) ?? 'none', expected.get(selector) ?? 'none'),
  );
}

async function checkSettings(chain: Chain, layout: Layout): Promise<Difference[]> {
  const read = <N extends 'name' | 'symbol' | 'decimals' | 'developmentEnclaves' | 'eip712domain_separator'>(functionName: N) =>
    chain.attempt((rpc) => rpc.readContract({ address: chain.hubAddress, abi: hubAbi, functionName }), functionName);
  const [found, { chainId }, name, symbol, decimals, enclaves, separator] = await Promise.all([
    readHub(chain).addresses(),
    chain.identify(),
    read('name'),
    read('symbol'),
    read('decimals'),
    read('developmentEnclaves'),
    read('eip712domain_separator'),
  ]);
  const { token, registries } = layout.addresses;
  const domain = domainSeparator({ domain: orderDomain({ chainId, hubAddress: chain.hubAddress }) });
  return [
    ...same('token', found.token, token),
    ...same('app registry', found.registries.app, registries.app),
    ...same('dataset registry', found.registries.dataset, registries.dataset),
    ...same('workerpool registry', found.registries.workerpool, registries.workerpool),
    ...same('name', name, HUB_NAME),
    ...same('symbol', symbol, HUB_SYMBOL),
    ...same('decimals', `${decimals}`, `${HUB_DECIMALS}`),
    ...same('development enclaves', `${enclaves}`, `${layout.developmentEnclaves}`),
    ...same('EIP-712 domain separator', separator, domain),
  ];
}

/** The market may have categories beyond those asked for. */
async function checkCategories(chain: Chain, categories: readonly Category[]): Promise<Difference[]> {
  const there = await readHub(chain).viewCategories();
  const text = ({ name, workClockTimeRef }: Category): string => `${name} of ${workClockTimeRef} s`;
  return categories.flatMap((category, id) => {
    const found = there[id];
    return found ? same(`category ${id}`, text(found), text(category)) : [];
  });
}

async function checkTimelock(
  chain: Chain,
  { address, delaySec, governor }: { address: Address; delaySec: number; governor: Address },
): Promise<Difference[]> {
  const contract = { address, abi: timelockAbi } as const;
  const [delay, roles] = await chain.attempt(
    (rpc) =>
      Promise.all([
        rpc.readContract({ ...contract, functionName: 'getMinDelay' }),
        Promise.all([
          rpc.readContract({ ...contract, functionName: 'PROPOSER_ROLE' }),
          rpc.readContract({ ...contract, functionName: 'CANCELLER_ROLE' }),
          rpc.readContract({ ...contract, functionName: 'EXECUTOR_ROLE' }),
        ]),
      ]),
    'timelock',
  );
  const held = await chain.attempt(
    (rpc) => Promise.all(roles.map((role) => rpc.readContract({ ...contract, functionName: 'hasRole', args: [role, governor] }))),
    'roles of the timelock',
  );
  return [
    ...same('delay of the timelock', `${delay} s`, `${delaySec} s`),
    ...held.flatMap((has, i) => same(`${ROLES[i]} of the timelock`, has ? governor : `not ${governor}`, governor)),
  ];
}

const ROLES = ['proposer', 'canceller', 'executor'] as const;

function same(what: string, found: string, expected: string): Difference[] {
  return found.toLowerCase() === expected.toLowerCase() ? [] : [{ what, expected, found }];
}
