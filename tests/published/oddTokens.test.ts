import { hubAbi } from '@gleaner/abi';
import type { Address, Hex } from '@gleaner/primitives';
import { type Anvil, deployOurs, deployPublished, type MarketSystem, startAnvil } from '@gleaner/testkit/published';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ACTORS, HELPERS } from './actors.ts';
import { type Both, bothLater, same } from './both.ts';
import { Counterparts } from './Counterparts.ts';
import { compareAnswers } from './compareAnswers.ts';
import { listedDifferences } from './listedDifferences.ts';
import { type Answer, encodeLoosely } from './PairedCall.ts';

const owner = ACTORS.owner.address;
const LIMIT = 2n ** 96n;

describe('on tokens that RLC is not, the published contracts and ours differ as listed', () => {
  let anvil: Anvil;
  beforeAll(async () => {
    anvil = await startAnvil();
    for (const { address, code } of [HELPERS.no, HELPERS.yes]) await anvil.call('anvil_setCode', [address, code]);
  });
  afterAll(() => anvil?.close());
  // the address of our hub does not depend on its token: one market after the other
  let empty: Hex;
  beforeEach(async () => {
    empty = await anvil.call<Hex>('evm_snapshot');
  });
  afterEach(() => anvil.call('evm_revert', [empty]));

  test('a token that answers false to everything', async () => {
    const systems = await deployBoth(anvil, HELPERS.no.address);
    expect(await differenceOf(anvil, systems, 'deposit', [0n])).toBe('the spelling of a failed deposit');
    expect(await differenceOf(anvil, systems, 'depositFor', [0n, ACTORS.sponsor.address])).toBe('the spelling of a failed deposit');
    expect(await differenceOf(anvil, systems, 'withdraw', [0n])).toBe('a token that does not pay');
    expect(await differenceOf(anvil, systems, 'withdrawTo', [0n, ACTORS.sponsor.address])).toBe('a token that does not pay');
  });

  test('a token that answers true to everything', async () => {
    const systems = await deployBoth(anvil, HELPERS.yes.address);
    expect(await differenceOf(anvil, systems, 'deposit', [LIMIT - 1n])).toBe('none');
    expect(await differenceOf(anvil, systems, 'deposit', [LIMIT])).toBe('an escrow beyond any supply');
    expect(await differenceOf(anvil, systems, 'withdraw', [0n])).toBe('none');
  });
});

async function deployBoth(anvil: Anvil, token: Address): Promise<Both<MarketSystem>> {
  return [await deployPublished({ anvil, owner, categories: [], token }), await deployOurs({ anvil, categories: [], token })];
}

/** Name of the listed difference that a call shows; «none», or what nobody listed. */
async function differenceOf(anvil: Anvil, systems: Both<MarketSystem>, name: string, args: readonly unknown[]): Promise<string> {
  const data = encodeLoosely(hubAbi, name, args);
  const answers = await bothLater((side) => ask(anvil, systems[side].hub, data));
  const deviation = compareAnswers(
    { name, from: owner, to: [systems[0].hub, systems[1].hub], data: same(data) },
    answers,
    new Counterparts(),
  );
  if (!deviation) return 'none';
  return listedDifferences.find(({ covers }) => covers(deviation))?.name ?? JSON.stringify(deviation);
}

/** What a transaction would answer; its events are left out. */
async function ask(anvil: Anvil, to: Address, data: Hex): Promise<Answer> {
  const trace = await anvil.call<{ readonly output?: Hex; readonly error?: string }>('debug_traceCall', [
    { from: owner, to, data },
    'latest',
    { tracer: 'callTracer' },
  ]);
  return { succeeded: trace.error === undefined, output: trace.output ?? '0x', logs: [] };
}
