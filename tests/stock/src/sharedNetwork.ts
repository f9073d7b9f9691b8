import { join } from 'node:path';
import { startTestNetwork, type TestNetwork } from '@gleaner/e2e/startTestNetwork';
import { type Network, readNetwork } from '@gleaner/localnet';
import { afterAll, beforeAll } from 'vitest';

const WORKERS = 2;

let network: TestNetwork | undefined;

/** Starts the one network of all suites as `gleaner up` does, before their own preparations, and ends it after the last of them. */
export function useSharedNetwork(): void {
  beforeAll(async () => {
    network = await startTestNetwork({ workers: WORKERS });
  });
  afterAll(() => network?.close());
}

/** The network that all suites share. */
export function runningNetwork(): TestNetwork {
  if (network === undefined) throw new Error('The shared network is not running; import this suite from stock.test.ts');
  return network;
}

export const sharedDataDir = (): string => runningNetwork().dataDir;

/** Its description, as a stranger reads it. */
export function sharedNetwork(): Promise<Network> {
  return readNetwork(join(sharedDataDir(), 'network.json'));
}
