import type { Bytes32 } from '@gleaner/primitives';
import { type ReceiptReport, verifyReceipt } from '@gleaner/protocol';
import type { Expected, Verdicts } from './breakReceipt.ts';

const verdictsOf = ({ rules, signatures, inclusion }: ReceiptReport): Verdicts => ({
  rules: rules.verdict,
  signatures: signatures.verdict,
  inclusion: inclusion.verdict,
});

/** The three verdicts, or `malformed`. */
export async function judge(file: Uint8Array, anchors: readonly Bytes32[]): Promise<Verdicts | 'malformed'> {
  return await verifyReceipt(file, { anchors }).then(verdictsOf, (error: { code?: string }) => {
    if (error.code !== 'receipt-malformed') throw error;
    return 'malformed' as const;
  });
}

export function meets(said: Verdicts | 'malformed', expected: Expected): boolean {
  if (expected === 'malformed') return said === 'malformed';
  if (said === 'malformed') return Array.isArray(expected);
  const wanted = (Array.isArray(expected) ? expected[1] : expected) as Partial<Verdicts>;
  return Object.entries(wanted).every(([name, verdict]) => said[name as keyof Verdicts] === verdict);
}
