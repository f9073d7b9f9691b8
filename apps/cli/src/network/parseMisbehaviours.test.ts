import { describe, expect, test } from 'vitest';
import { parseMisbehaviours } from './parseMisbehaviours.ts';

describe('parseMisbehaviours', () => {
  test('takes several values, each with one worker or several', () => {
    expect(parseMisbehaviours([], 0)).toEqual({});
    expect(parseMisbehaviours(['worker-5=wrong-result, worker-4=silent', 'worker-1=slow:3s'], 5)).toEqual({
      'worker-5': 'wrong-result',
      'worker-4': 'silent',
      'worker-1': 'slow:3s',
    });
  });

  test.each([
    ['worker-6=silent', 5, ['worker-6', 'worker-1 to worker-5']],
    ['worker-0=silent', 1, ['worker-0', 'worker-1']],
    ['miller=silent', 0, ['miller', 'no workers']],
    ['worker-1=lying', 5, ['worker-1=lying', 'lazy-copier']],
    ['worker-1=', 5, ['worker-1=', 'lazy-copier']],
    ['worker-1', 5, ['worker-1', '<worker>=<kind>']],
    ['', 5, ['<worker>=<kind>']],
    ['worker-1=silent,', 5, ['<worker>=<kind>']],
    ['worker-2=silent,worker-2=crash', 5, ['worker-2', 'twice']],
  ])('refuses «%s» of %i workers, and says what is wrong and what would be right', (value, workers, words) => {
    const refused = (() => {
      try {
        return parseMisbehaviours([value], workers);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toMatchObject({ code: 'bad-request' });
    for (const word of words) expect((refused as Error).message).toContain(word);
  });
});
