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

/**
 * Both accept or reject alike, and of whole and forged files they say the same to the word. Of a broken file that both reject they may
 * name different verdicts where the page leaves open which of two rules is broken first; those are listed.
 */
async function compare({ kind, text, anchors, expected }: ReceiptSample, kinds: Set<string>): Promise<void> {
  const file = new TextEncoder().encode(text);
  const first = await judge(file, anchors);
  const judgement = verify(file, { anchors });
  const second = 'malformed' in judgement ? ('malformed' as const) : verdictsOf(judgement);
  const told = { kind, first, second, findings: findingsOf(judgement) };
  expect({ ...told, asExpected: meets(first, expected) }).toEqual({ ...told, asExpected: true });
  expect({ ...told, accepted: isAccepted(second) }).toEqual({ ...told, accepted: isAccepted(first) });
  if (EXACT.has(kind)) expect({ ...told, second }).toEqual({ ...told, second: first });
  else if (JSON.stringify(first) !== JSON.stringify(second))
    console.info(`${kind}: ${JSON.stringify(first)} and ${JSON.stringify(second)}`);
  kinds.add(first === 'malformed' ? first : first.inclusion);
}

const EXACT: ReadonlySet<string> = new Set(['whole', 'without anchor', 'foreign anchor', 'forged']);

const verdictsOf = ({ rules, signatures, inclusion }: Verdicts): Verdicts => ({ rules, signatures, inclusion });
const isAccepted = (said: Verdicts | 'malformed'): boolean => said !== 'malformed' && !Object.values(said).includes('failed');

/** For the report when they differ. */
function findingsOf(judgement: Judgement): readonly string[] {
  return 'malformed' in judgement ? [judgement.malformed] : judgement.findings.map(({ code, message }) => `${code}: ${message}`);
}
