import type { OrderHash } from '@gleaner/primitives';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faultOf, inspectBooks } from './bookFaults.ts';
import { type Action, anyAction, noPlay, play, recordOf } from './randomActions.ts';
import { startTestMarket, type TestMarket } from './testMarket.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;
const ACTIONS = Number(process.env['GLEANER_MARKET_ACTIONS'] ?? (DEEP ? 2000 : 25));
const SEED = Number(process.env['GLEANER_SEED'] ?? (DEEP ? Date.now() % 1_000_000 : 20));
/** The watcher is told of blocks as the ledger reads them; this is far more than it needs. */
const SETTLE = { timeout: 20_000, interval: 50 };

let market: TestMarket;
beforeAll(async () => {
  market = await startTestMarket();
});
afterAll(() => market?.close());

test(`whatever happens on chain and in the books (seed ${SEED}, ${ACTIONS} actions): no listed match would revert, and no order dies in vain`, async () => {
  const played = noPlay();
  const history: string[] = [];
  const totals = { matches: 0, mismatches: 0 };
  const statusOf = new Map<OrderHash, string>();
  for (const action of fc.sample(anyAction, { numRuns: ACTIONS, seed: SEED })) {
    history.push(await play(market, played, action));
    const { matches, mismatches } = await settle(history);
    played.matches = matches;
    totals.matches += matches.length;
    totals.mismatches += mismatches;
    expect(await findVainDeaths(action, statusOf), `after ${history.slice(-12).join(' · ')}`).toEqual([]);
  }
  const counts = Map.groupBy(history, (line) => line.split(' ')[0] ?? '');
  console.info(
    `seed ${SEED}: ${totals.matches} matches simulated, ${totals.mismatches} refused for their terms;`,
    tally(counts),
    tally(Map.groupBy(statusOf.values(), String)),
  );
  expect(totals.matches).toBeGreaterThan(0);
  expect(statusOf.size).toBeGreaterThan(ACTIONS / 10);

  async function settle(done: readonly string[]) {
    await market.ledgerCaughtUp();
    return vi.waitFor(async () => {
      const inspection = await inspectBooks(market);
      expect(inspection.faults, `after ${done.slice(-12).join(' · ')}`).toEqual([]);
      return inspection;
    }, SETTLE);
  }

  /** Orders that died by the last action although nothing on chain speaks against them; a reorganisation may have given the reason and taken it back. */
  async function findVainDeaths({ name }: Action, before: Map<OrderHash, string>): Promise<string[]> {
    const vain: string[] = [];
    for (const offer of played.signed) {
      const orderHash = market.hashOf(offer.kind, offer.order as never);
      if (!played.hashes.includes(orderHash)) continue;
      const { status, remaining, order } = await recordOf(market, offer.kind, orderHash);
      const died = status === 'dead' && before.get(orderHash) !== 'dead' && !played.unpublished.has(orderHash);
      before.set(orderHash, status);
      if (status === 'open') expect(remaining).toBeGreaterThan(0n);
      if (!died || name === 'reorganise' || name === 'restart' || offer.kind === 'request') continue;
      if ((await faultOf(market, { kind: offer.kind, order } as unknown as typeof offer)) === undefined)
        vain.push(`${offer.kind} ${orderHash}`);
    }
    return vain;
  }
}, 3_600_000);

function tally(groups: ReadonlyMap<string, readonly unknown[]>): string {
  return [...groups].map(([name, lines]) => `${name} ${lines.length}`).join(', ');
}
