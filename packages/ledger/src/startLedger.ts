import type { Chain } from '@gleaner/chain';
import type { GleanerError } from '@gleaner/primitives';
import type { Store } from '@gleaner/store';
import { FollowingLedger } from './follow/FollowingLedger.ts';
import type { LedgerChange } from './follow/LedgerChange.ts';
import { chainSource } from './follow/LedgerSource.ts';

/** Where events of the ledger are logged; pino fits. */
export interface LedgerLog {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
}

export interface LedgerOptions {
  readonly store: Store;
  readonly log: LedgerLog;
  /** Between two looks at the head of the chain; 100 by default. */
  readonly pollMs?: number;
  /** Where an empty database begins: a block before the hub was deployed. 0 by default. */
  readonly startBlock?: bigint;
  /** How long a leader that went silent keeps its place; 3000 by default. */
  readonly leaseMs?: number;
}

/** `leading` writes, `following` reads what another process writes, `failed` gave up: see `failure()`. */
export type LedgerState = 'starting' | 'leading' | 'following' | 'failed' | 'closed';

export interface Ledger {
  state(): LedgerState;
  /** Why it gave up: chain-replaced, or damaged data. Nothing is written from then on. */
  failure(): GleanerError | undefined;
  /** Number of the highest block whose rows are in the database, -1 before the first. */
  headSeen(): bigint;
  /**
   * Resolves when the rows of block `number` are in the database.
   * @throws {GleanerError} aborted when the signal fires or the ledger is closed, chain-replaced when it gave up
   */
  waitForBlock(number: bigint, signal?: AbortSignal): Promise<void>;
  /** Calls the listener after every move of the head, whichever process made it. Gives the function that ends this. */
  onChange(listener: (change: LedgerChange) => void): () => void;
  close(): Promise<void>;
}

/**
 * Brings the events of the chain into the database, and keeps them true to it.
 * Of all processes on one database one leads; the others see what it writes and take over when it is gone.
 */
export function startLedger({ chain, ...options }: LedgerOptions & { readonly chain: Chain }): Ledger {
  const ledger = new FollowingLedger({ source: chainSource(chain), ...options });
  ledger.start();
  return ledger;
}
