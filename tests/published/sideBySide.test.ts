import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Arena } from './Arena.ts';
import { ACTORS } from './actors.ts';
import { same } from './both.ts';
import { Counterparts } from './Counterparts.ts';
import { compareAnswers, type Deviation } from './compareAnswers.ts';
import { DIFFERENCES_PAGE } from './differencesPage.ts';
import { endViews } from './endViews.ts';
import { listedDifferences } from './listedDifferences.ts';
import type { Answer, PairedCall } from './PairedCall.ts';
import { type Played, playSequence } from './playSequence.ts';
import { renderDifferences } from './renderDifferences.ts';
import { shorten } from './shorten.ts';
import { anySequence, type Step } from './steps.ts';

const deep = process.env['GLEANER_DEEP'] !== undefined;
const sequences = Number(process.env['GLEANER_SEQUENCES'] ?? (deep ? 1000 : 4));
const length = 60;
const seed = Number(process.env['GLEANER_SEED'] ?? Date.now() % 2 ** 31);
console.info(`side by side: GLEANER_SEED=${seed}, ${sequences} sequences of ${length} calls`);

/** Calls that every long run must have made, and that must have succeeded now and then: without them it would compare refusals only. */
const BACKBONE = [
  'matchOrders',
  'sponsorMatchOrders',
  'initialize',
  'initializeArray',
  'contribute',
  'reveal',
  'reopen',
  'finalize',
  'contributeAndFinalize',
  'claim',
  'claimArray',
  'initializeAndClaimArray',
  'manageAppOrder',
  'manageDatasetOrder',
  'manageWorkerpoolOrder',
  'manageRequestOrder',
  'deposit',
  'depositFor',
  'depositForArray',
  'withdraw',
  'withdrawTo',
  'transfer',
  'transferFrom',
  'approveAndCall',
  'receiveApproval',
  'recover',
  'create app',
  'create dataset',
  'create workerpool',
  'changePolicy of a pool',
  'setTeeBroker',
  'createCategory',
];

describe('the published contracts and ours', () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await Arena.open();
  });
  afterAll(() => arena?.close());

  test(
    'answer every call alike, tell the same events and show the same afterwards',
    async () => {
      const seen = new Set<string>();
      const succeeded = new Map<string, number>();
      const faults = new Map<string, Fault>();
      let calls = 0;
      for (const [at, steps] of fc.sample(anySequence(length), { seed, numRuns: sequences }).entries()) {
        const played = await playSequence(arena, steps);
        for (const name of played.differences) seen.add(name);
        for (const [name, count] of played.calls) succeeded.set(name, (succeeded.get(name) ?? 0) + count.succeeded);
        calls += countCalls(played);
        if (played.fault) noteFault(faults, { sequence: at, steps, ...played.fault });
      }
      console.info(`side by side: ${calls} calls; ${seen.size} of ${listedDifferences.length} listed differences showed`);
      const reports = [...faults.values()];
      for (const fault of reports.slice(0, 3)) console.error('shortest:', JSON.stringify(await shorten(arena, fault.steps, fault)));
      expect(reports.map(({ steps: _, ...fault }) => fault)).toEqual([]);
      if (sequences < 1000) return;
      expect(BACKBONE.filter((name) => (succeeded.get(name) ?? 0) < 10)).toEqual([]);
      const expected = listedDifferences.filter(({ shownIn, seldom }) => shownIn === undefined && !seldom).map(({ name }) => name);
      expect(expected.filter((name) => !seen.has(name))).toEqual([]);
    },
    60_000 + sequences * 10_000,
  );

  test('start alike, but for the gas of callbacks', () => {
    expect(arena.callbackGasAtStart).toEqual([100_000n, 200_000n]);
  });

  test('would be told apart if an address stood for nothing', async () => {
    const world = await arena.reset();
    const views = endViews(arena, world);
    const answers = await arena.ask(views);
    const differing = views.filter((view, index) => compareAnswers(view, answers[index] as never, new Counterparts()) !== undefined);
    expect(differing.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'token',
        'domain',
        'appregistry',
        'eip712domain_separator',
        'tokenByIndex of a registry',
        'registry of an asset',
      ]),
    );
  });
});

describe('a comparison', () => {
  const word = (digit: string) => `0x${digit.repeat(64)}` as const;
  const address = ACTORS.owner.address;
  const call: PairedCall = { name: 'call', from: address, to: same(address), data: same('0x') };
  const answer: Answer = { succeeded: true, output: word('1'), logs: [{ address, topics: [word('2')], data: word('3') }] };
  const compare = (ours: Partial<Answer>) => compareAnswers(call, [answer, { ...answer, ...ours }], new Counterparts());

  test('finds what is the same the same', () => {
    expect(compare({})).toBeUndefined();
  });

  test.each<[string, Partial<Answer>]>([
    ['success', { succeeded: false }],
    ['return data', { output: word('4') }],
    ['the length of the return data', { output: '0x' }],
    ['a missing event', { logs: [] }],
    ['a second event', { logs: [...answer.logs, ...answer.logs] }],
    ['the source of an event', { logs: [{ address: ACTORS.sponsor.address, topics: [word('2')], data: word('3') }] }],
    ['a topic', { logs: [{ address, topics: [word('4')], data: word('3') }] }],
    ['the data of an event', { logs: [{ address, topics: [word('2')], data: word('4') }] }],
  ])('notices %s, and no listed difference excuses it', (_, ours) => {
    const deviation = compare(ours);
    expect(deviation).toBeDefined();
    expect(listedDifferences.filter(({ covers }) => deviation && covers(deviation))).toEqual([]);
  });

  test('is told by the page of differences as it is listed', () => {
    const page = readFileSync(DIFFERENCES_PAGE, 'utf8');
    expect(page, 'stale: run npm run differences:build').toBe(renderDifferences());
    expect(listedDifferences.filter(({ name, reason }) => !page.includes(`**${name}**: ${reason}.`))).toEqual([]);
  });

  test('lists each difference once, with its reason', () => {
    expect(new Set(listedDifferences.map(({ name }) => name)).size).toBe(listedDifferences.length);
    expect(listedDifferences.filter(({ reason }) => reason.length < 20)).toEqual([]);
  });
});

function countCalls({ calls }: Played): number {
  return [...calls.values()].reduce((sum, { made }) => sum + made, 0);
}

interface Fault extends Deviation {
  /** Which one of the sequences of this seed. */
  readonly sequence: number;
  readonly steps: readonly Step[];
}

/** One of each kind is enough. */
function noteFault(faults: Map<string, Fault>, fault: Fault): void {
  const { steps: _, ...shown } = fault;
  const key = `${fault.call} ${fault.what} ${fault.published.slice(0, 80)} ${fault.ours.slice(0, 80)}`;
  if (faults.has(key)) return;
  faults.set(key, fault);
  console.error('side by side:', shown);
}
