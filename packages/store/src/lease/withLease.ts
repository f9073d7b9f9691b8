import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GleanerError, isGleanerError } from '@gleaner/primitives';
import type { Kysely } from 'kysely';
import type { Database } from '../Database.ts';
import { acquireLease, releaseLease, renewLease } from './leases.ts';

export interface HeldLease {
  readonly name: string;
  readonly holder: string;
  /** Aborted when the lease is lost or the caller's signal fires. */
  readonly signal: AbortSignal;
}

/**
 * Waits until the lease of this duty is free, then runs `duty` while renewing it three times per `ttlMs`.
 * Of all processes on one database at most one runs the duty; when it dies, another starts within about `ttlMs`.
 * A duty that must not write after losing the lease checks `holdsLease` in its transactions.
 * @throws {GleanerError} aborted when `signal` fires before the lease is had; whatever the duty throws
 */
export async function withLease<T>(
  db: Kysely<Database>,
  { name, ttlMs, signal }: { name: string; ttlMs: number; signal?: AbortSignal },
  duty: (lease: HeldLease) => Promise<T>,
): Promise<T> {
  const holder = randomUUID();
  const stop = signal ?? new AbortController().signal;
  await waitForLease(db, { name, holder, ttlMs }, stop);
  const lost = new AbortController();
  const ended = new AbortController();
  const renewing = keepRenewing(db, { name, holder, ttlMs }, lost, ended.signal);
  try {
    return await duty({ name, holder, signal: AbortSignal.any([stop, lost.signal]) });
  } finally {
    ended.abort();
    await renewing;
    await releaseLease(db, { name, holder }).catch(() => {});
  }
}

async function waitForLease(
  db: Kysely<Database>,
  request: { name: string; holder: string; ttlMs: number },
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    if (await acquired(db, request)) return;
    await sleep(request.ttlMs / 3, undefined, { signal: stop }).catch(() => {});
  }
  throw new GleanerError('aborted', `Stopped waiting for the lease ${request.name}`);
}

/** A database that cannot be reached just now is waited for like a lease that is taken. */
async function acquired(db: Kysely<Database>, request: { name: string; holder: string; ttlMs: number }): Promise<boolean> {
  try {
    return await acquireLease(db, request);
  } catch (error) {
    if (isGleanerError(error) && error.retryable) return false;
    throw error;
  }
}

/** Declares the lease lost when it is taken, or when no renewal succeeded for `ttlMs`. */
async function keepRenewing(
  db: Kysely<Database>,
  request: { name: string; holder: string; ttlMs: number },
  lost: AbortController,
  ended: AbortSignal,
): Promise<void> {
  let renewedAt = performance.now();
  while (!ended.aborted && !lost.signal.aborted) {
    await sleep(request.ttlMs / 3, undefined, { signal: ended }).catch(() => {});
    if (ended.aborted) return;
    const kept = await renewLease(db, request).catch(() => undefined);
    if (kept === true) renewedAt = performance.now();
    if (kept === false || performance.now() - renewedAt >= request.ttlMs)
      lost.abort(new GleanerError('aborted', `Lost the lease ${request.name}`));
  }
}
