import { GleanerError, type Hex } from '@gleaner/primitives';
import { findChain, type Store } from '@gleaner/store';

/**
 * Refuses to go on with a database that follows another chain, before any service reads from it or writes to it.
 * @throws {GleanerError} chain-replaced
 */
export async function assertSameChain(store: Store, found: { readonly chainId: number; readonly genesisHash: Hex }): Promise<void> {
  const known = await findChain(store.db);
  if (known === undefined) return;
  if (known.chainId === BigInt(found.chainId) && known.genesisHash === found.genesisHash.toLowerCase()) return;
  throw new GleanerError(
    'chain-replaced',
    `The database follows chain ${known.chainId} (genesis ${known.genesisHash}), but chain ${found.chainId} (genesis ${found.genesisHash}) runs here`,
    { details: { expected: known.genesisHash, found: found.genesisHash } },
  );
}
