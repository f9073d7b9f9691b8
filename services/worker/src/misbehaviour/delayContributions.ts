import { setTimeout as sleep } from 'node:timers/promises';
import type { ChainPort } from '../ports.ts';

/** A chain that contributions reach `delayMs` later; the hub refuses those that are too late by then. */
export function delayContributions(chain: ChainPort, delayMs: number): ChainPort {
  return {
    ...chain,
    async contribute(contribution, signal) {
      await sleep(delayMs, undefined, { signal });
      await chain.contribute(contribution, signal);
    },
  };
}
