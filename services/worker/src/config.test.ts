import { expect, test } from 'vitest';
import { readWorkerConfig } from './config.ts';

const ENVIRONMENT = {
  GLEANER_KEY_FILE: '/key',
  GLEANER_DATA: '/data',
  GLEANER_RPC_URL: 'http://127.0.0.1:1',
  GLEANER_HUB: `0x${'1'.repeat(40)}`,
  GLEANER_SCHEDULER_URL: 'http://127.0.0.1:2',
  GLEANER_GATEWAY_URL: 'http://127.0.0.1:3',
};

test('a worker is honest unless told', () => {
  expect(readWorkerConfig(ENVIRONMENT)).not.toHaveProperty('misbehaviour');
  expect(readWorkerConfig({ ...ENVIRONMENT, GLEANER_WORKER_MISBEHAVE: '' })).not.toHaveProperty('misbehaviour');
  expect(readWorkerConfig({ ...ENVIRONMENT, GLEANER_WORKER_MISBEHAVE: 'slow:3s' }).misbehaviour).toEqual({ kind: 'slow', delayMs: 3000 });
});

test('an unknown misbehaviour is refused by the name of the variable', () => {
  expect(() => readWorkerConfig({ ...ENVIRONMENT, GLEANER_WORKER_MISBEHAVE: 'lies' })).toThrow(
    expect.objectContaining({ code: 'bad-request', message: expect.stringMatching(/^GLEANER_WORKER_MISBEHAVE: .*wrong-result.*lies/) }),
  );
});
