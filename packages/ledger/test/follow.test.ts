import type { BlockRef } from '@gleaner/chain';
import { openStore, type Store } from '@gleaner/store';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lead } from '../src/follow/lead.ts';
import { openChain } from '../src/follow/openChain.ts';
import type { LedgerChange, LedgerSource } from '../src/index.ts';
import { dumpLedger, replay } from './dumpLedger.ts';
import { GeneratedChain, type Mutation } from './GeneratedChain.ts';
import { anyMove } from './generatedMarket.ts';

const LEADER = { name: 'ledger', holder: 'test' };
const IS_DEEP = Boolean(process.env['GLEANER_DEEP']);
const RUNS = IS_DEEP ? 300 : 12;

let store: Store;
beforeAll(async () => {
  store = await openStore({ memory: true });
}, 90_000);
afterAll(() => store.close());
beforeEach(() => reset());

describe('the rows are those of a straight replay of the chain', { timeout: IS_DEEP ? 1_200_000 : 60_000 }, () => {
  test('however the chain changed between two looks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMutation(), { maxLength: 12 }), async (mutations) => {
        await reset();
        const chain = new GeneratedChain();
        for (const mutation of mutations) {
          chain.mutate(mutation);
          await catchUp(chain);
          expect(await dumpLedger(store.db)).toEqual(replay(chain));
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('when the chain changes between any two requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(anyMutation(), { freq: 2 }), { minLength: 10, maxLength: 60 }), async (mutations) => {
        await reset();
        const chain = new GeneratedChain();
        const ahead = [...mutations];
        chain.beforeRequest = () => {
          const mutation = ahead.shift();
          if (mutation) chain.mutate(mutation);
        };
        while (ahead.length > 0) await catchUp(chain);
        await catchUp(chain);
        expect(await dumpLedger(store.db)).toEqual(replay(chain));
      }),
      { numRuns: RUNS * 5 },
    );
  });

  test('when the ledger dies after any number of statements', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyMutation(), { maxLength: 8 }),
        fc.array(fc.nat(25), { minLength: 1, maxLength: 8 }),
        async (mutations, lives) => {
          await reset();
          const chain = new GeneratedChain();
          const budgets = [...lives];
          for (const mutation of mutations) {
            chain.mutate(mutation);
            const budget = budgets.shift();
            if (budget !== undefined) await catchUp(chain, dyingAfter(budget)).catch(() => {});
          }
          await catchUp(chain);
          expect(await dumpLedger(store.db)).toEqual(replay(chain));
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('over a long history with a deep reorganisation', async () => {
    const moves = fc.sample(fc.array(anyMove(), { maxLength: 1 }), { numRuns: 2600, seed: 7 });
    const chain = new GeneratedChain();
    chain.mutate({ cut: 0, grow: moves.slice(0, 2000) });
    await catchUp(chain);
    chain.mutate({ cut: 1500, grow: moves.slice(2000) });
    await catchUp(chain);
    expect(await dumpLedger(store.db)).toEqual(replay(chain));
  });
});

test('a lower head with the same blocks below is followed down', async () => {
  const chain = new GeneratedChain();
  chain.mutate({ cut: 0, grow: [[{ kind: 'transfer', a: 1, b: 2 }], [{ kind: 'transfer', a: 1, b: 3 }]] });
  await catchUp(chain);
  chain.mutate({ cut: 1, grow: [] });
  await catchUp(chain);
  const { rewinds, headNumber } = await store.db.selectFrom('chain').selectAll().executeTakeFirstOrThrow();
  expect({ rewinds, headNumber }).toEqual({ rewinds: 1n, headNumber: 1n });
  expect((await dumpLedger(store.db)).money).toHaveLength(1);
});

test('another genesis is refused and nothing is overwritten', async () => {
  const chain = new GeneratedChain();
  chain.mutate({ cut: 0, grow: [[{ kind: 'transfer', a: 1, b: 2 }]] });
  await catchUp(chain);
  const before = await dumpLedger(store.db);
  const other = new GeneratedChain(1);
  other.mutate({ cut: 0, grow: [[], [], []] });
  await expect(catchUp(other)).rejects.toMatchObject({ code: 'chain-replaced', details: { field: 'genesisHash' } });
  expect(await dumpLedger(store.db)).toEqual(before);
});

test('a leader that lost its lease writes nothing', async () => {
  const chain = new GeneratedChain();
  chain.mutate({ cut: 0, grow: [[{ kind: 'transfer', a: 1, b: 2 }]] });
  await store.db.updateTable('lease').set({ holder: 'another' }).execute();
  await expect(catchUp(chain)).rejects.toMatchObject({ code: 'aborted' });
  expect((await dumpLedger(store.db)).money).toEqual([]);
});

/** Leads until the database has what the chain says is its head. */
async function catchUp(chain: GeneratedChain, within = store): Promise<void> {
  const stop = new AbortController();
  const tip = await openChain(within, chain, 0n);
  let { hash } = tip;
  const head = async (): Promise<BlockRef> => {
    const found = await chain.head();
    if (found.hash === hash) stop.abort();
    return found;
  };
  const source: LedgerSource = {
    hubAddress: chain.hubAddress,
    head,
    identify: () => chain.identify(),
    block: (number) => chain.block(number),
    events: (range) => chain.events(range),
    deals: (ids, block) => chain.deals(ids, block),
    tasks: (ids, block) => chain.tasks(ids, block),
  };
  const announce = (change: LedgerChange): void => {
    hash = change.head.hash;
  };
  await lead({ store: within, source, leader: LEADER, pollMs: 1, signal: stop.signal, announce }, tip);
}

/** The store, whose statements fail after some: what a crash leaves in the database is what a failed transaction leaves. */
function dyingAfter(statements: number): Store {
  let left = statements;
  const db = store.db.withPlugin({
    transformQuery: ({ node }) => {
      if (left-- <= 0) throw new Error('killed');
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { ...store, db };
}

async function reset(): Promise<void> {
  await sql`truncate chain, block, event, money, consumed, deal, task, contribution, asset, category, lease`.execute(store.db);
  await store.db
    .insertInto('lease')
    .values({ name: LEADER.name, holder: LEADER.holder, expiresAt: new Date(8e12) })
    .execute();
}

/** Growth, loss, or other blocks in the place of some; now and then nothing changes but the hashes. */
function anyMutation(): fc.Arbitrary<Mutation> {
  const block = fc.oneof(fc.constant([]), fc.array(anyMove(), { maxLength: 16 }));
  const grow = fc.array(block, { minLength: 1, maxLength: 6 });
  const cut = fc.integer({ min: 1, max: 12 });
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ cut: fc.constant(0), grow }) },
    { weight: 1, arbitrary: fc.record({ cut, grow: fc.constant([]) }) },
    { weight: 2, arbitrary: fc.record({ cut, grow }) },
  );
}
