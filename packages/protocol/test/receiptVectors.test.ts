import { readFileSync } from 'node:fs';
import type { Bytes32 } from '@gleaner/primitives';
import { describe, expect, it } from 'vitest';
import { readReceipt, verifyReceipt } from '../src/index.ts';

/** Files of tests/vectors/receipts with the hash of the block that their chain ended in. */
const VECTORS = [
  ['liar', 'completed', '0x57471525226926cdd27019e7e24ad5d97775bf2447b99708f3dc89d46bb19c3e'],
  ['refund', 'failed', '0xef47cbc06913f04fbee0a47f65fc34974ad282ce85e690d1cbc2f4203bb7a00b'],
  ['alone', 'completed', '0x96fcbd145c928a37723a3b860c4f9db05875987373cb5274878051f4db177498'],
] as const;

const readFile = (name: string): Uint8Array => readFileSync(new URL(`../../../tests/vectors/receipts/${name}.json`, import.meta.url));

describe.each(VECTORS)('the receipt «%s»', (name, outcome, anchor) => {
  it('is accepted under the hash of its chain', async () => {
    const report = await verifyReceipt(readFile(name), { anchors: [anchor as string as Bytes32] });
    expect(report.receipt.outcome).toBe(outcome);
    expect([report.rules, report.signatures, report.inclusion].map(({ verdict, issues }) => ({ verdict, issues }))).toEqual([
      { verdict: 'passed', issues: [] },
      { verdict: 'passed', issues: [] },
      { verdict: 'anchored', issues: [] },
    ]);
  });

  it('is not anchored by itself', async () => {
    const { accepted, inclusion } = await verifyReceipt(readFile(name));
    expect({ accepted, verdict: inclusion.verdict, ends: inclusion.ends.map(({ hash }) => hash) }).toEqual({
      accepted: true,
      verdict: 'not-anchored',
      ends: [anchor],
    });
  });

  it('is refused for another market', async () => {
    const { inclusion } = await verifyReceipt(readFile(name), { hubAddress: `0x${'34'.repeat(20)}` });
    expect(inclusion).toMatchObject({ verdict: 'failed', issues: [{ code: 'hub-unknown' }] });
  });

  it('is read without its final line feed, and with no other byte after it', () => {
    const file = readFile(name);
    expect(readReceipt(file.subarray(0, -1)).outcome).toBe(outcome);
    expect(() => readReceipt(new Uint8Array([...file, 0x20]))).toThrow(expect.objectContaining({ details: { check: 'not-canonical' } }));
  });
});
