import { type Address, GleanerError, ZERO_BYTES32 } from '@gleaner/primitives';
import { type Category, isDevelopmentChain, STANDARD_CATEGORIES } from '@gleaner/protocol';
import { type Chain, createChain } from '../client/createChain.ts';
import type { MarketAddresses } from '../reads/readHub.ts';
import { type Layout, layOut } from './layOut.ts';
import type { MarketTerms } from './MarketTerms.ts';
import { hasCode } from './progress.ts';
import { assertTimelockDelay, DEFAULT_TIMELOCK_DELAY_SEC } from './timelockRules.ts';

export interface Target extends MarketTerms {
  readonly rpcUrl: string;
  readonly signal?: AbortSignal;
}

/** A market on a chain, there or not. */
export interface Market {
  /** Its `hubAddress` is that of the layout. */
  readonly chain: Chain;
  readonly layout: Layout;
  readonly categories: readonly Category[];
}

/**
 * Connects to the chain and lays the market out for it.
 * @throws {GleanerError} bad-request for terms that this chain does not allow; chain-unreachable
 */
export async function marketOf(target: Target, deployer: Address): Promise<Market> {
  const { rpcUrl, signal, token, categories = STANDARD_CATEGORIES } = target;
  const anyHub = createChain({ rpcUrl, hubAddress: deployer, ...(signal && { signal }) });
  const { chainId } = await anyHub.identify();
  const layout = layOutFor(chainId, deployer, target);
  const chain: Chain = createChain({ rpcUrl, hubAddress: layout.addresses.hub, ...(signal && { signal }) });
  if (token && !(await hasCode(chain, token))) {
    throw new GleanerError('bad-request', `There is no contract at the token's address ${token} on chain ${chainId}`, {
      details: { token, chainId },
    });
  }
  return { chain, layout, categories };
}

/** Addresses the market of these terms has or will have, without looking at the chain. */
export function predictMarket(chainId: number, deployer: Address, terms: MarketTerms = {}): MarketAddresses {
  return layOutFor(chainId, deployer, terms).addresses;
}

function layOutFor(chainId: number, deployer: Address, terms: MarketTerms): Layout {
  const { owner = deployer, timelockDelaySec: delaySec = DEFAULT_TIMELOCK_DELAY_SEC, token } = terms;
  const isDevelopment = isDevelopmentChain(chainId);
  assertTerms(chainId, isDevelopment, terms);
  return layOut({
    deployer,
    owner,
    ...(!isDevelopment && { timelock: { delaySec, governor: owner } }),
    developmentEnclaves: terms.developmentEnclaves ?? isDevelopment,
    tokenHolder: terms.tokenHolder ?? owner,
    ...(token && { token }),
    salt: terms.salt ?? ZERO_BYTES32,
  });
}

/** What would have no effect is refused too. */
function assertTerms(chainId: number, isDevelopment: boolean, terms: MarketTerms): void {
  const { timelockDelaySec, developmentEnclaves, token, tokenHolder } = terms;
  const refuse = (message: string): never => {
    throw new GleanerError('bad-request', message, { details: { chainId } });
  };
  if (developmentEnclaves && !isDevelopment) refuse(`Development enclaves may count on development chains only, and ${chainId} is none`);
  if (timelockDelaySec !== undefined && isDevelopment) refuse(`${chainId} is a development chain: its market has no timelock to delay`);
  if (timelockDelaySec !== undefined) assertTimelockDelay(timelockDelaySec);
  if (token && tokenHolder) refuse(`The supply of the token ${token} has its holders already; leave the holder out`);
}
