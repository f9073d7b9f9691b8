import { expect, test } from 'vitest';
import type { Verdicts } from './breakReceipt.ts';
import { forgeReceipt } from './forgeReceipt.ts';
import { type Judgement, verify } from './independent/verify.mjs';
import { judge, meets } from './judge.ts';
import { makeReceipts, RECEIPT_COUNT, type ReceiptSample } from './makeReceipts.ts';

const seed = Number(process.env['GLEANER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.info(`two verifiers: GLEANER_SEED=${seed}`);

test(`two verifiers written apart say the same of ${RECEIPT_COUNT} receipts, whole, broken and forged`, async () => {
  const samples = await makeReceipts(RECEIPT_COUNT, seed);
  expect(samples).toHaveLength(RECEIPT_COUNT);
  const kinds = new Set<string>();
  for (const sample of samples) await compare(sample, kinds);
  for (const sample of samples.filter(({ kind }) => kind === 'whole').slice(0, 5)) {
    await compare({ ...sample, kind: 'cut off', text: sample.text.slice(0, sample.text.length >> 1), expected: 'malformed' }, kinds);
    await compare({ ...sample, kind: 'forged', text: await forgeReceipt(sample.text), expected: { inclusion: 'failed' } }, kinds);
  }
  expect(kinds).toEqual(new Set(['malformed', 'anchored', 'not-anchored', 'failed']));
}, 3_600_000);

/** Both say at least what is expected of every verifier, and accept or reject alike; of whole and forged files they say the same to the word. */
async function compare({ kind, text, anchors, expected }: ReceiptSample, kinds: Set<string>): Promise<void> {
  const file = new TextEncoder().encode(text);
  const first = await judge(file, anchors);
  const judgement = verify(file, { anchors });
  const second = 'malformed' in judgement ? ('malformed' as const) : verdictsOf(judgement);
  const asExpected = [first, second].map((said) => meets(said, expected));
  expect({ kind, first, second, asExpected, findings: findingsOf(judgement) }).toMatchObject({ asExpected: [true, true] });
  expect({ kind, accepted: isAccepted(second) }).toEqual({ kind, accepted: isAccepted(first) });
  if (EXACT.has(kind)) expect({ kind, said: second }).toEqual({ kind, said: first });
  kinds.add(first === 'malformed' ? first : first.inclusion);
}

const EXACT: ReadonlySet<string> = new Set(['whole', 'without anchor', 'foreign anchor', 'forged']);

const verdictsOf = ({ rules, signatures, inclusion }: Verdicts): Verdicts => ({ rules, signatures, inclusion });
const isAccepted = (said: Verdicts | 'malformed'): boolean => said !== 'malformed' && !Object.values(said).includes('failed');

/** For the report when they differ. */
function findingsOf(judgement: Judgement): readonly string[] {
  return 'malformed' in judgement ? [judgement.malformed] : judgement.findings.map(({ code, message }) => `${code}: ${message}`);
}
