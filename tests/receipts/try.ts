import { buildReceipt } from '@gleaner/sdk';
import fc from 'fast-check';
import { anyDealPlan } from './anyDealPlan.ts';
import { playDeals } from './playDeals.ts';
import { startReceiptMarket } from './receiptMarket.ts';

console.time('start');
const m = await startReceiptMarket();
console.timeEnd('start');
try {
  console.time('play');
  const ids = await playDeals(m, fc.sample(anyDealPlan, { numRuns: 8, seed: 7 }));
  console.timeEnd('play');
  for (const id of ids) {
    const t = performance.now();
    try {
      const r = await buildReceipt(m.gleaner, id);
      console.log(
        r.report.receipt.outcome,
        r.report.rules.verdict,
        r.report.signatures.verdict,
        r.report.inclusion.verdict,
        r.text.length,
        r.report.receipt.headers.length,
        r.report.receipt.scores.length,
        Math.round(performance.now() - t),
      );
    } catch (e) {
      console.log((e as Error).message, (e as any).details, (e as any).cause?.stack?.split('\n').slice(0, 4));
    }
  }
} finally {
  await m.close();
}
