import { tokenAbi } from '@gleaner/abi';
import type { Address, UnixSeconds } from '@gleaner/primitives';
import { type MarketState, openMarket } from '@gleaner/protocol';
import { encodeFunctionData } from 'viem';
import type { Step } from './packHistory.ts';
import { CHAIN_ID, ENTRIES, EVERYBODY, GROUPS, HELPERS, SYSTEM } from './parties.ts';
import { approve, playCall } from './playCall.ts';

/** Tokens of everybody at the beginning, nRLC; half of them go to the escrow. */
const PURSE = 1_000_000_000_000n;
const START = 1_700_001_000n;
const CATEGORIES = [300n, 1200n, 3600n, 10_800n, 36_000n].map((workClockTimeRef, index) => ({
  name: ['XS', 'S', 'M', 'L', 'XL'][index] ?? '',
  description: '""',
  workClockTimeRef,
}));

/** The market that every history starts from. */
export interface Opening {
  readonly state: MarketState;
  readonly now: bigint;
}

/** Everybody has money in and outside the escrow, the entries and the helpers are there; and the steps to that. */
export async function openHistories(): Promise<Opening & { readonly steps: readonly Step[] }> {
  const tokens = new Map<Address, bigint>(EVERYBODY.map((person) => [person, PURSE]));
  const groups = new Map(GROUPS.map(({ address, member }) => [address, new Set([member])]));
  const market = { chainId: CHAIN_ID, hub: SYSTEM.hub, owner: SYSTEM.owner, token: SYSTEM.token, categories: CATEGORIES };
  const world = { state: openMarket({ ...market, tokens, groups }), now: START, offers: [] };
  const placed = [...Object.values(HELPERS), ...GROUPS].map(
    ({ address, code }): Step => ({ ...raw(SYSTEM.owner, address, code, world.state), ending: { kind: 'placed' } }),
  );
  return { steps: [...placed, ...(await furnish(world))], state: world.state, now: START };
}

async function furnish(world: Parameters<typeof playCall>[0]): Promise<readonly Step[]> {
  const steps: Step[] = [];
  // Tokens arrive one by one; only then the twin's beginning is the chain's.
  const shown = { ...world.state, tokens: new Map<Address, bigint>() };
  for (const to of EVERYBODY) {
    shown.tokens.set(to, PURSE);
    const data = encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [to, PURSE] });
    steps.push(raw(SYSTEM.treasury, SYSTEM.token, data, { ...shown, tokens: new Map(shown.tokens) }));
  }
  for (const person of EVERYBODY) steps.push(approve(person, world));
  const now = START as UnixSeconds;
  for (const { kind, address: entry, owner: assetOwner } of Object.values(ENTRIES)) {
    steps.push(...(await playCall(world, { name: 'createAsset', caller: assetOwner, now, kind, entry, assetOwner })));
  }
  for (const caller of EVERYBODY) steps.push(...(await playCall(world, { name: 'deposit', caller, now, amount: PURSE / 2n })));
  return steps;
}

function raw(from: Address, to: Address, data: Step['call']['data'], state: MarketState): Step {
  return { now: START, from, call: { to, data }, ending: { kind: 'done' }, views: [], state };
}
