import { type Address, type Bytes32, type OrderHash, ZERO_BYTES32 } from '@gleaner/primitives';
import { addressOf } from '@gleaner/protocol/testing';
import { insertBlocks, insertChain, insertConsumed, putAssets, type Store } from '@gleaner/store';
import { openTestStore } from '@gleaner/testkit';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLedgerFacts } from '../src/adapters/ledgerFacts.ts';
import type { ChainFacts } from '../src/ports.ts';

const [APP, LATE, OWNER, CHAIN_OWNER] = ['app', 'late', 'owner', 'chain owner'].map(addressOf) as [Address, Address, Address, Address];
const USED = `0x${'a1'.repeat(32)}` as OrderHash;
const FRESH = `0x${'a2'.repeat(32)}` as OrderHash;
const HEAD = `0x${'c4'.repeat(32)}` as Bytes32;
const account = privateKeyToAccount(`0x${'11'.repeat(32)}`);

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
  await putAssets(store.db, [{ address: lower(APP), kind: 'app', owner: lower(OWNER), createdBlock: 1n, updatedBlock: 1n }]);
  await insertBlocks(store.db, [{ number: 5n, hash: HEAD, parentHash: ZERO_BYTES32, timestamp: 1n }]);
  const head = { number: 5n, hash: HEAD, timestamp: 1n };
  await insertChain(store.db, { chainId: 1n, genesisHash: ZERO_BYTES32, hubAddress: OWNER, head });
  await insertConsumed(store.db, [{ blockNumber: 5n, logIndex: 0, orderHash: USED, kind: 'closed', volume: 0n, dealId: null }]);
});
afterAll(() => store?.close());

test('what the ledger knows is not asked of the chain, all else is', async () => {
  const { facts, asked } = factsOver();
  expect(await facts.ownerOf(APP)).toBe(OWNER);
  expect(await facts.isRegistered('app', APP)).toBe(true);
  expect(await facts.consumedOf([FRESH])).toEqual([0n]);
  expect(asked).toEqual([]);
  expect(await Promise.all([facts.ownerOf(LATE), facts.isRegistered('dataset', APP)])).toEqual([CHAIN_OWNER, false]);
  expect(await facts.consumedOf([FRESH, USED])).toEqual([0n, 7n]);
  expect(await facts.freeStakeOf([OWNER])).toEqual([9n]);
  expect(asked.toSorted()).toEqual(['consumedOf', 'freeStakeOf', 'isRegistered', 'ownerOf']);
});

test('a ledger that has not folded the newest block is not believed', async () => {
  const { facts, asked } = factsOver([], `0x${'c5'.repeat(32)}` as Bytes32);
  expect(await facts.ownerOf(APP)).toBe(CHAIN_OWNER);
  expect(await facts.consumedOf([FRESH])).toEqual([7n]);
  expect(asked).toEqual(['ownerOf', 'consumedOf']);
});

test('a key’s signature is checked here, as long as no code stands at its address; the chain judges every other', async () => {
  const hash = `0x${'b3'.repeat(32)}` as Bytes32;
  const signature = await account.sign({ hash });
  const plain = factsOver();
  expect(await plain.facts.isSignedBy(account.address, hash, signature)).toBe(true);
  expect(plain.asked).toEqual([]);
  const withCode = factsOver([account.address]);
  expect(await withCode.facts.isSignedBy(account.address, hash, signature)).toBe(false);
  expect(await plain.facts.isSignedBy(OWNER, hash, signature)).toBe(false);
  expect(await plain.facts.isSignedBy(account.address, hash, '0x')).toBe(false);
  expect([withCode.asked, plain.asked]).toEqual([['isSignedBy'], ['isSignedBy', 'isSignedBy']]);
});

function factsOver(contracts: readonly Address[] = [], head = HEAD) {
  const asked: string[] = [];
  const noting = <T>(name: string, value: T) => {
    asked.push(name);
    return Promise.resolve(value);
  };
  const chain: ChainFacts = {
    ownerOf: () => noting('ownerOf', CHAIN_OWNER),
    isRegistered: () => noting('isRegistered', false),
    isSignedBy: () => noting('isSignedBy', false),
    consumedOf: () => noting('consumedOf', [7n]),
    freeStakeOf: () => noting('freeStakeOf', [9n]),
    hasCategory: () => noting('hasCategory', true),
  };
  return {
    facts: createLedgerFacts({ store, chain, hasCode: async (address) => contracts.includes(address), headHash: async () => head }),
    asked,
  };
}

function lower(address: Address): Address {
  return address.toLowerCase() as Address;
}
