import { type Address, GleanerError } from '@gleaner/primitives';
import type { Chain } from '../client/createChain.ts';
import { readCounts } from '../sender/nonces.ts';

const POLL_MS = 200;

/**
 * Resolves when the pool holds no transaction of the account. A run that was cut off leaves some there; what they will do does not show
 * in the state yet, so planning before they are mined would do it twice.
 * @throws {GleanerError} transaction-timed-out when they stay there
 */
export async function waitUntilSettled(chain: Chain, address: Address, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const [latest, pending] = await readCounts(chain, address);
    if (pending <= latest) return;
    if (performance.now() > end) throw stuck(address, pending - latest, timeoutMs);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function stuck(address: Address, count: number, timeoutMs: number): GleanerError {
  return new GleanerError(
    'transaction-timed-out',
    `${count} transactions of ${address} wait in the pool since an earlier run and were not mined within ${timeoutMs / 1000} s`,
    { details: { address, count, timeoutMs } },
  );
}
