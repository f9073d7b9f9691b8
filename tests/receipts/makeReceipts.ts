import type { Bytes32, TaskId } from '@gleaner/primitives';
import { buildReceipt } from '@gleaner/sdk';
import fc from 'fast-check';
import { keccak256, stringToHex } from 'viem';
import { anyDealPlan, USUAL_DEALS } from './anyDealPlan.ts';
import { BREAKINGS, type Expected } from './breakReceipt.ts';
import { playDeals } from './playDeals.ts';
import { startReceiptMarket } from './receiptMarket.ts';

/** One file to verify, the block hashes the reader trusts, and the least that every verifier must say. */
export interface ReceiptSample {
  readonly kind: string;
  readonly text: string;
  readonly anchors: readonly Bytes32[];
  readonly expected: Expected;
}

/** 1 000 under GLEANER_DEEP. */
export const RECEIPT_COUNT = process.env['GLEANER_DEEP'] === undefined ? 10 : 1_000;
/** Deals played side by side. */
const WAVE = 12;

export interface RealReceipt {
  readonly taskId: TaskId;
  readonly text: string;
  /** Hashes of the real chain that cover all of it. */
  readonly anchors: readonly Bytes32[];
}

/**
 * Receipts of at least `count` tasks, played with random histories on a real chain of their own; the usual cases are among them.
 * @param seed of the histories; the same seed gives the same plans
 */
export async function playReceipts(count: number, seed: number): Promise<readonly RealReceipt[]> {
  const market = await startReceiptMarket();
  try {
    const receipts: RealReceipt[] = [];
    // the usual deals first: their refunds fill the kitty, of which later tasks are paid a share
    for (let wave = 0; receipts.length < count; wave += 1) {
      const plans =
        wave === 0 ? USUAL_DEALS : fc.sample(anyDealPlan, { numRuns: Math.min(WAVE, count - receipts.length), seed: seed + wave });
      for (const taskId of await playDeals(market, plans)) {
        const { text, report } = await buildReceipt(market.gleaner, taskId);
        receipts.push({ taskId, text, anchors: report.inclusion.ends.map(({ hash }) => hash) });
      }
    }
    return receipts;
  } finally {
    await market.close();
  }
}

const FOREIGN = keccak256(stringToHex('a block of another chain')) as Bytes32;

/**
 * Files for verifiers: of each receipt the whole one with its anchors, without, with a foreign anchor, and one broken in one of the
 * ways of `BREAKINGS`, which take turns.
 */
export async function makeReceipts(count: number, seed: number): Promise<readonly ReceiptSample[]> {
  const receipts = await playReceipts(Math.ceil(count / 4), seed);
  const samples: ReceiptSample[] = [];
  for (const [at, receipt] of receipts.entries()) {
    const { text, anchors } = receipt;
    const sound = { rules: 'passed', signatures: 'passed' } as const;
    samples.push({ kind: 'whole', text, anchors, expected: { ...sound, inclusion: 'anchored' } });
    samples.push({ kind: 'without anchor', text, anchors: [], expected: { ...sound, inclusion: 'not-anchored' } });
    samples.push({ kind: 'foreign anchor', text, anchors: [FOREIGN], expected: { ...sound, inclusion: 'failed' } });
    samples.push(await breakOne(receipt, at));
  }
  return samples.slice(0, count);
}

async function breakOne({ text, anchors }: RealReceipt, at: number): Promise<ReceiptSample> {
  for (let step = 0; step < BREAKINGS.length; step += 1) {
    const breaking = BREAKINGS[(at + step) % BREAKINGS.length] as (typeof BREAKINGS)[number];
    const broken = await breaking.apply(text, at * 31 + 7);
    if (broken !== undefined) return { kind: breaking.kind, text: broken, anchors, expected: breaking.expected };
  }
  throw new Error('Some breaking applies to every receipt');
}
