import { setTimeout as sleep } from 'node:timers/promises';
import type { BlockRef } from '@gleaner/chain';
import { GleanerError } from '@gleaner/primitives';
import type { Head, Store } from '@gleaner/store';
import { findAncestor } from './findAncestor.ts';
import type { LedgerChange } from './LedgerChange.ts';
import type { LedgerSource } from './LedgerSource.ts';
import { assertSameChain } from './openChain.ts';
import { readBatch } from './readBatch.ts';
import { type Leader, rewindTo, writeBatch } from './writeBatch.ts';

export interface LeadOptions {
  readonly store: Store;
  readonly source: LedgerSource;
  readonly leader: Leader;
  readonly pollMs: number;
  readonly announce: (change: LedgerChange) => void;
  readonly signal: AbortSignal;
}

/** Keeps the database, whose head is `from`, true to the chain until the signal fires. Every step is one transaction, so it may be killed anywhere. */
export async function lead(options: LeadOptions, from: Head): Promise<void> {
  const { source, pollMs, signal } = options;
  let tip = from;
  while (!signal.aborted) {
    const head = await source.head();
    if (head.hash === tip.hash) await sleep(pollMs, undefined, { signal }).catch(() => {});
    else tip = await follow(options, tip, head);
  }
}

/** One step towards `head`. */
async function follow(options: LeadOptions, tip: Head, head: BlockRef): Promise<Head> {
  const { store, source, leader, announce } = options;
  if (head.number > tip.number) {
    const batch = await readBatch(source, tip, head);
    if (batch) {
      const change = await writeBatch(store, leader, tip, batch);
      announce(change);
      return change.head;
    }
  }
  return goBack(options, tip);
}

/** To the highest stored block that the chain still has; that may be the tip itself, when the chain changed only above it. */
async function goBack({ store, source, leader, announce }: LeadOptions, tip: Head): Promise<Head> {
  await assertSameChain(store, source);
  const ancestor = await findAncestor(store.db, source, tip);
  if (!ancestor) {
    throw new GleanerError('chain-replaced', 'The chain has none of the stored blocks', { details: { head: tip.number, hash: tip.hash } });
  }
  if (ancestor.hash === tip.hash) return tip;
  const change = await rewindTo(store, leader, tip, ancestor);
  announce(change);
  return change.head;
}
