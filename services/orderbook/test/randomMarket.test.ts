import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createInspector, type Inspection } from './bookFaults.ts';
import { type Action, anyAction, noPlay, play } from './randomActions.ts';
import { startTestMarket, type TestMarket } from './testMarket.ts';
import { findDeaths } from './vainDeaths.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;
const ACTIONS = Number(process.env['GLEANER_MARKET_ACTIONS'] ?? (DEEP ? 2000 : 80));
const SEED = Number(process.env['GLEANER_SEED'] ?? (DEEP ? Date.now() % 1_000_000 : 40));
/** The watcher is told of blocks as the ledger reads them; this is far more than it needs. */
const SETTLE = { timeout: 20_000, interval: 20 };
/** After a reorganisation; far more than a verdict on what was before it takes, milliseconds. */
const QUIET_MS = 500;

let market: TestMarket;
beforeAll(async () => {
  market = await startTestMarket({ pollMs: 10, guardMs: 3_600_000, isDirect: true });
  // a block for each transaction: nobody waits for one, and a reorganisation always takes something away
  await market.testChain.admin('evm_setAutomine', [true]);
});
afterAll(() => market?.close());

test(`whatever happens on chain and in the books (seed ${SEED}, ${ACTIONS} actions): no listed match would revert, and no order dies in vain`, async () => {
  const startedMs = performance.now();
  const inspectBooks = createInspector(market);
  const played = noPlay();
  const history: string[] = [];
  const totals = { matches: 0, mismatches: 0, simulations: 0 };
  let { books } = await inspectBooks();
  try {
    for (const action of fc.sample(anyAction, { numRuns: ACTIONS, seed: SEED })) {
      const sent = await countTransactions();
      history.push(await play(market, played, action));
      await check(action);
      if (action.name === 'reorganise') await checkReturned(action, sent);
      if (DEEP && history.length % 100 === 0) console.info(progress());
    }
  } catch (error) {
    console.error(
      `${progress()}\nrepeat with GLEANER_SEED=${SEED} GLEANER_MARKET_ACTIONS=${ACTIONS}; what was done:\n${history.join('\n')}`,
    );
    throw error;
  }
  console.info(`${progress()}; ${tally(history.map(kindOf))}; ${tally(played.statusOf.values())}`);
  expect(totals.matches).toBeGreaterThan(0);
  expect(played.statusOf.size).toBeGreaterThan(ACTIONS / 10);

  async function check({ name }: Action): Promise<void> {
    const last = `after ${history.slice(-12).join(' · ')}`;
    const inspection = await settle(last);
    played.matches = inspection.matches;
    totals.matches += inspection.matches.length;
    totals.mismatches += inspection.mismatches;
    totals.simulations += inspection.simulations;
    const { vain, odd } = await findDeaths(market, played, books, inspection.books);
    books = inspection.books;
    expect(odd, last).toEqual([]);
    // a reorganisation may have given the reason and taken it back
    if (name !== 'reorganise') expect(vain, last).toEqual([]);
  }

  async function settle(last: string): Promise<Inspection> {
    await market.ledgerCaughtUp();
    return vi.waitFor(async () => {
      const inspection = await inspectBooks();
      expect(inspection.faults, last).toEqual([]);
      return inspection;
    }, SETTLE);
  }

  /** Senders hand in again what a reorganisation took away. */
  async function checkReturned(action: Action, sent: readonly number[]): Promise<void> {
    await vi.waitFor(async () => expect(await countTransactions()).toEqual(sent), SETTLE);
    await check(action);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    await check(action);
  }

  function progress(): string {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    const { matches, mismatches, simulations } = totals;
    return `seed ${SEED}: ${history.length} actions in ${seconds} s, ${matches} matches and ${mismatches} mismatches listed, ${simulations} simulated`;
  }
}, 3_600_000);

/** Of each party, mined. */
function countTransactions(): Promise<number[]> {
  const { chain, senders } = market;
  return Promise.all(Object.values(senders).map(({ address }) => chain.attempt((rpc) => rpc.getTransactionCount({ address }))));
}

/** The action, and the reason if it was refused. */
const kindOf = (line: string): string => (line.includes(': refused') ? line : line.slice(0, line.indexOf(':')));

function tally(names: Iterable<string>): string {
  return [...Map.groupBy(names, String)].map(([name, lines]) => `${name} ${lines.length}`).join(', ');
}
