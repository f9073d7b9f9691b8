import { readWallet } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import type { Gleaner } from '../createGleaner.ts';

/** What an account has. RLC amounts in nRLC, `gas` in wei of the chain's coin. */
export interface AccountRecord {
  readonly address: Address;
  readonly wallet: bigint;
  readonly escrowFree: bigint;
  readonly escrowLocked: bigint;
  readonly gas: bigint;
  /** Consensuses won as a worker. */
  readonly score: bigint;
}

export async function getAccount(gleaner: Gleaner, address: Address): Promise<AccountRecord> {
  const [wallet, escrow, score] = await Promise.all([
    readWallet(gleaner.chain, gleaner.network.tokenAddress, address),
    gleaner.hub.viewAccount(address),
    gleaner.hub.viewScore(address),
  ]);
  return { address, wallet: wallet.token, escrowFree: escrow.stake, escrowLocked: escrow.locked, gas: wallet.coin, score };
}
