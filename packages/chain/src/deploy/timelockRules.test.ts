import { STANDARD_CATEGORIES } from '@gleaner/protocol';
import { expect, test } from 'vitest';
import { DEFAULT_TIMELOCK_DELAY_SEC } from './timelockRules.ts';

/** Everything of a task ends after 10 T. */
const FINAL_DEADLINE_RATIO = 10;
const LEAST_TIME_TO_LEAVE_SEC = 12 * 3_600;

test('whatever is locked when an upgrade is announced can leave before it takes effect', () => {
  for (const { name, workClockTimeRef } of STANDARD_CATEGORIES) {
    const end = FINAL_DEADLINE_RATIO * Number(workClockTimeRef);
    expect(DEFAULT_TIMELOCK_DELAY_SEC - end, name).toBeGreaterThanOrEqual(LEAST_TIME_TO_LEAVE_SEC);
  }
});
