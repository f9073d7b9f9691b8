import { GleanerError } from '@gleaner/primitives';
import { HIGHEST_DEVELOPMENT_CHAIN_ID, isDevelopmentChain, LOWEST_DEVELOPMENT_CHAIN_ID } from '@gleaner/protocol';

/**
 * Cheating is for development networks, where all money is play money.
 * @param chainId as the chain itself gives it
 * @throws {GleanerError} bad-request on any other chain
 */
export function assertMayMisbehave(chainId: number): void {
  if (isDevelopmentChain(chainId)) return;
  throw new GleanerError(
    'bad-request',
    `GLEANER_WORKER_MISBEHAVE is for local networks (chain ids ${LOWEST_DEVELOPMENT_CHAIN_ID} to ${HIGHEST_DEVELOPMENT_CHAIN_ID}), this is chain ${chainId}`,
    { details: { field: 'GLEANER_WORKER_MISBEHAVE', chainId } },
  );
}
