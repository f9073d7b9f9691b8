import { GleanerError } from '@gleaner/primitives';
import type { Store } from '@gleaner/store';
import type { Logger } from 'pino';
import type { AuthorizeDeps } from '../authorize.ts';
import type { PublishDeps } from '../publish.ts';

/** What the handlers of the market need. */
export interface MarketDeps extends PublishDeps, AuthorizeDeps {
  readonly db: Store['db'];
  readonly log: Logger;
  readonly version: string;
}

/** @throws {GleanerError} bad-request for a chain that this market does not serve */
export function assertChain({ chainId }: MarketDeps, asked: number): void {
  if (asked === chainId) return;
  throw new GleanerError('bad-request', `chainId ${asked} is not supported, this market serves ${chainId}`, {
    details: { field: 'chainId', asked, chainId },
  });
}
