import { readWallet } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
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

/** Wallet, escrow and score of any account. @throws {GleanerError} chain-unreachable, timed-out, aborted */
export function getAccount(gleaner: Gleaner, address: Address, settings: CallSettings = {}): Promise<AccountRecord> {
  return bounded(gleaner, settings, async ({ chain, hub, network }) => {
    const [wallet, escrow, score] = await Promise.all([
      readWallet(chain, network.tokenAddress, address),
      hub.viewAccount(address),
      hub.viewScore(address),
    ]);
    return { address, wallet: wallet.token, escrowFree: escrow.stake, escrowLocked: escrow.locked, gas: wallet.coin, score };
  });
}
