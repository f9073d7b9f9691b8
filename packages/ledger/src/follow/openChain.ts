import { GleanerError } from '@gleaner/primitives';
import { type ChainRow, findChain, type Head, insertBlocks, insertChain, inTransaction, type Store } from '@gleaner/store';
import type { LedgerSource } from './LedgerSource.ts';

/**
 * The head to go on from. An empty database is bound to the chain, starting above `startBlock`.
 * @throws {GleanerError} chain-replaced when the database belongs to another chain or hub; nothing is written then
 */
export async function openChain(store: Store, source: LedgerSource, startBlock: bigint): Promise<Head> {
  const known = await findChain(store.db);
  if (!known) await bindChain(store, source, startBlock);
  return assertSameChain(store, source);
}

/** The stored head, after a look at whether the chain is still the one it belongs to. */
export async function assertSameChain(store: Store, source: LedgerSource): Promise<Head> {
  const known = await findChain(store.db);
  if (!known) throw new GleanerError('invariant-broken', 'The ledger has no chain');
  const { chainId, genesisHash } = await source.identify();
  const found = { chainId: BigInt(chainId), genesisHash: genesisHash.toLowerCase(), hubAddress: source.hubAddress.toLowerCase() };
  for (const field of ['chainId', 'genesisHash', 'hubAddress'] as const) {
    if (found[field] !== known[field]) throw replaced(field, known, found[field]);
  }
  return headOf(known);
}

function replaced(field: 'chainId' | 'genesisHash' | 'hubAddress', known: ChainRow, found: string | bigint): GleanerError {
  const what = { chainId: 'chain id', genesisHash: 'genesis block', hubAddress: 'hub' }[field];
  return new GleanerError('chain-replaced', `The ${what} is ${found}, but this database belongs to ${known[field]}`, {
    details: { field, expected: known[field], found },
  });
}

async function bindChain(store: Store, source: LedgerSource, startBlock: bigint): Promise<void> {
  const [{ chainId, genesisHash }, head] = await Promise.all([source.identify(), source.block(startBlock)]);
  if (!head) throw new GleanerError('chain-unreachable', `The chain has no block ${startBlock} yet`);
  await inTransaction(store.db, async (trx) => {
    await insertBlocks(trx, [head]);
    await insertChain(trx, { chainId: BigInt(chainId), genesisHash, hubAddress: source.hubAddress, head });
  });
}

const headOf = ({ headNumber, headHash, headTimestamp }: ChainRow): Head => ({
  number: headNumber,
  hash: headHash,
  timestamp: headTimestamp,
});
