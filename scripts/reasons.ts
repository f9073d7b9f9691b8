/** Writes `docs/reasons.md` from the closed list of reason codes; `--check` only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASON_CODES, REASONS } from '@gleaner/primitives';
import { root } from './root.ts';

const MONEY = {
  untouched: 'nothing was locked',
  kept: 'stays where it is',
  refunding: 'returns to the payer by the final deadline',
  paid: 'everyone has been paid',
} as const;

const rows = REASON_CODES.map((code) => {
  const { culprit, money, retryable, help } = REASONS[code];
  return `| \`${code}\` | ${culprit} | ${MONEY[money]} | ${retryable ? 'yes' : 'no'} | ${help} |`;
});
const page = `# Reason codes

Every expected failure carries one of these codes, the same in services, API, command line and portal. The list is closed: codes are added, never reused.
Written by \`node scripts/reasons.ts\` from \`packages/primitives/src/reasons.ts\`.

| code | whose fault | the money | try again unchanged? | what to do |
|---|---|---|---|---|
${rows.join('\n')}
`;
const path = join(root, 'docs', 'reasons.md');

if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== page) {
    console.error('docs/reasons.md is out of date; run: node scripts/reasons.ts');
    process.exitCode = 1;
  }
} else {
  writeFileSync(path, page);
}
