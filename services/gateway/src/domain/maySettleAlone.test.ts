import { ZERO_ADDRESS } from '@gleaner/primitives';
import { formatTag } from '@gleaner/protocol';
import { expect, test } from 'vitest';
import { maySettleAlone } from './maySettleAlone.ts';

test('only the task of an enclave, at trust 1, active and without a contribution, is settled by one worker', () => {
  const deal = { tag: formatTag(['tee', 'tdx']), trust: 1n };
  const task = { status: 'active', contributors: [] } as const;
  expect(maySettleAlone(task, deal)).toBe(true);
  for (const status of ['unset', 'revealing', 'completed', 'failed'] as const)
    expect(maySettleAlone({ ...task, status }, deal)).toBe(false);
  expect(maySettleAlone({ ...task, contributors: [ZERO_ADDRESS] }, deal)).toBe(false);
  for (const other of [undefined, { ...deal, trust: 2n }, { ...deal, trust: 0n }, { ...deal, tag: formatTag(['tdx']) }])
    expect(maySettleAlone(task, other)).toBe(false);
});
