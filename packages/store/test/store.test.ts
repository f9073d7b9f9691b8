import { startTestPostgres, type TestPostgres } from '@gleaner/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore, type Store } from '../src/index.ts';
import { leaseLaws } from './laws/lease.ts';
import { ledgerLaws } from './laws/ledger.ts';
import { orderbookLaws } from './laws/orderbook.ts';
import { outboxLaws } from './laws/outbox.ts';
import { schedulerLaws } from './laws/scheduler.ts';
import { secretLaws } from './laws/secrets.ts';

const START_MS = 60_000;

describe('on the embedded database', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore({ memory: true });
  }, START_MS);
  afterAll(() => store.close());
  allLaws(() => store);
});

describe('on a server', () => {
  let postgres: TestPostgres;
  let store: Store;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    store = await openStore({ url: (await postgres.createDatabase()).url });
  }, START_MS);
  afterAll(async () => {
    await store.close();
    await postgres.close();
  });
  allLaws(() => store);
});

function allLaws(store: () => Store): void {
  describe('ledger', () => ledgerLaws(store));
  describe('orderbook', () => orderbookLaws(store));
  describe('scheduler', () => schedulerLaws(store));
  describe('outbox', () => outboxLaws(store));
  describe('lease', () => leaseLaws(store));
  describe('secrets', () => secretLaws(store));
}
