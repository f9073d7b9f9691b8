import { readFile } from 'node:fs/promises';
import { refereeRule } from '@gleaner/protocol';
import { describe, expect, it } from 'vitest';
import { fillTables } from './fillTables.ts';
import { refereeOutcome } from './refereeWalk.ts';
import { PROTOCOL_TABLES } from './tables.ts';

describe('figures of docs/protocol.md', () => {
  it('are those that npm run bench -- protocol gives (repair with --write)', async () => {
    const page = await readFile(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
    expect(page).toBe(fillTables(page, PROTOCOL_TABLES));
  });

  it('differ when a rule differs', () => {
    const page = '<!-- generated: a -->\n\nold\n\n<!-- end -->';
    expect(fillTables(page, { a: () => 'new' })).not.toBe(page);
  });

  it('have a place each, and no place is without a table', () => {
    expect(() => fillTables('', { a: () => '' })).toThrow('no place for a');
    expect(() => fillTables('<!-- generated: b -->\n<!-- end -->', {})).toThrow('called b');
  });
});

describe('a dispute at f = f̂', () => {
  it.each([
    ['standard', 0.2, 4],
    ['high', 0.35, 13 / 7],
  ] as const)('%s: the wrong value wins at most with 1/(1 + G^L), and undecided is rare', (share, f, odds) => {
    const rule = refereeRule(1_000_000, share);
    const { wrong, undecided, votes } = refereeOutcome(rule, f);
    expect(wrong).toBeLessThanOrEqual(1 / (1 + odds ** rule.lead));
    expect(undecided).toBeLessThan(1e-4);
    expect(votes).toBeGreaterThan(rule.lead);
  });
});
