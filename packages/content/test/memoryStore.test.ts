import { createMemoryStore } from '../src/index.ts';
import { storeContract } from './storeContract.ts';
import { testClock } from './testClock.ts';

storeContract('memory', async (options) => {
  const clock = testClock();
  return { store: createMemoryStore({ ...options, clock }), clock, close: async () => {} };
});
