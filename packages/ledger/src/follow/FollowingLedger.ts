import { setTimeout as sleep } from 'node:timers/promises';
import { GleanerError, type ReasonCode, toGleanerError } from '@gleaner/primitives';
import { withLease } from '@gleaner/store';
import type { Ledger, LedgerOptions, LedgerState } from '../startLedger.ts';
import type { LedgerChange } from './LedgerChange.ts';
import type { LedgerSource } from './LedgerSource.ts';
import { lead } from './lead.ts';
import { observe } from './observe.ts';
import { openChain } from './openChain.ts';
import { LEDGER_CHANNEL } from './writeBatch.ts';

const LEASE = 'ledger';
/** Between two looks at what another process writes, beside its notifications. */
const OBSERVE_MS = 250;
const RETRY_MS = { least: 100, most: 2_000 } as const;
/** Nothing that a further attempt could cure. */
const FATAL: readonly ReasonCode[] = ['chain-replaced', 'data-corrupt', 'invariant-broken'];

type Listener = (change: LedgerChange) => void;

/** The ledger of one process: two loops, one that leads when it may, one that sees what others write. */
export class FollowingLedger implements Ledger {
  readonly #options: LedgerOptions & { readonly source: LedgerSource };
  readonly #closing = new AbortController();
  readonly #listeners = new Set<Listener>();
  #running: Promise<unknown> = Promise.resolve();
  #state: LedgerState = 'starting';
  #failure: GleanerError | undefined;
  #seen: LedgerChange | undefined;
  #retryMs: number = RETRY_MS.least;

  constructor(options: LedgerOptions & { readonly source: LedgerSource }) {
    this.#options = options;
  }

  start(): void {
    this.#running = Promise.all([this.#leadForever(), this.#observeForever()]);
  }

  state(): LedgerState {
    return this.#state;
  }

  failure(): GleanerError | undefined {
    return this.#failure;
  }

  headSeen(): bigint {
    return this.#seen?.head.number ?? -1n;
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async waitForBlock(number: bigint, signal?: AbortSignal): Promise<void> {
    const stop = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    while (this.headSeen() < number) {
      if (stop.aborted) throw this.#failure ?? new GleanerError('aborted', `Stopped waiting for block ${number}`);
      await this.#nextChange(stop);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    if (this.#state !== 'failed') this.#state = 'closed';
  }

  /** Resolves at the next change, or when `stop` fires. */
  #nextChange(stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#listeners.delete(done);
        stop.removeEventListener('abort', done);
        resolve();
      };
      this.#listeners.add(done);
      stop.addEventListener('abort', done);
    });
  }

  async #leadForever(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#leadOnce();
      } catch (error) {
        if (signal.aborted) return;
        this.#report(toGleanerError(error));
        await sleep(this.#retryMs, undefined, { signal }).catch(() => {});
        this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS.most);
      }
    }
  }

  /** Waits for its turn, then leads until the lease is lost. */
  async #leadOnce(): Promise<void> {
    const { store, source, log, pollMs = 100, startBlock = 0n, leaseMs = 3_000 } = this.#options;
    if (this.#state === 'leading') this.#state = 'following';
    await withLease(store.db, { name: LEASE, ttlMs: leaseMs, signal: this.#closing.signal }, async ({ name, holder, signal }) => {
      this.#state = 'leading';
      log.info({}, 'ledger.leading');
      const tip = await openChain(store, source, startBlock);
      await this.#look();
      await lead({ store, source, leader: { name, holder }, pollMs, announce: (change) => this.#announce(change), signal }, tip);
    });
  }

  #report(error: GleanerError): void {
    const { code, message } = error;
    const isFatal = FATAL.includes(code);
    this.#options.log.warn({ code, message }, isFatal ? 'ledger.failed' : 'ledger.delayed');
    if (!isFatal) return;
    this.#state = 'failed';
    this.#failure = error;
    this.#closing.abort();
  }

  /** Sees heads that another process wrote; while this one leads, it knows of its own before the database tells. */
  async #observeForever(): Promise<void> {
    const { store, log } = this.#options;
    const { signal } = this.#closing;
    const bell = new Bell();
    const unlisten = await store.listen(LEDGER_CHANNEL, () => bell.ring()).catch(() => async () => {});
    while (!signal.aborted) {
      try {
        if (this.#state !== 'leading') await this.#look();
        if (this.#state === 'starting' && this.#seen) this.#state = 'following';
      } catch (error) {
        log.warn({ code: toGleanerError(error).code }, 'ledger.not-observed');
      }
      await bell.wait(OBSERVE_MS, signal);
    }
    await unlisten().catch(() => {});
  }

  async #look(): Promise<void> {
    const news = await observe(this.#options.store, this.#seen);
    if (news && news.head.hash !== this.#seen?.head.hash) this.#announce(news);
  }

  #announce(change: LedgerChange): void {
    this.#seen = change;
    this.#retryMs = RETRY_MS.least;
    const { log } = this.#options;
    if (change.rewound) log.info({ head: `${change.head.number}` }, 'ledger.rewound');
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (error) {
        log.warn({ message: toGleanerError(error).message }, 'ledger.listener-failed');
      }
    }
  }
}

/** Rung by notifications; a ring while nobody waits counts for the next wait. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      await sleep(timeoutMs, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => {});
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}
