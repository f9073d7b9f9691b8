import type { Address, Hex } from '@gleaner/primitives';
import { isGleanerError } from '@gleaner/primitives';
import type { Category } from '@gleaner/protocol';
import type { LocalAccount } from 'viem';
import type { Chain } from '../client/createChain.ts';
import type { MarketAddresses } from '../reads/readHub.ts';
import type { Call } from '../sender/call.ts';
import { createSender, type Receipt, type Sender, type Submitted } from '../sender/createSender.ts';
import { assertSame, checkDeployment, missingParts } from './checkDeployment.ts';
import { ensureFactory } from './factory.ts';
import type { MarketTerms } from './MarketTerms.ts';
import { type Market, marketOf } from './marketOf.ts';
import { callsOf, type Stages, stagesLeft } from './plan.ts';
import { readProgress } from './progress.ts';
import { waitUntilSettled } from './settle.ts';

export interface DeployOptions extends MarketTerms {
  readonly rpcUrl: string;
  /** Pays, creates and configures; owns hub and registries until it hands them over. */
  readonly deployer: LocalAccount;
  /** For each transaction, in milliseconds; 60 000 by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told what is created or called. */
  readonly log?: (event: { readonly name: 'deploy.sent'; readonly call: string; readonly hash: Hex }) => void;
}

export interface Deployment {
  readonly hubAddress: Address;
  readonly tokenAddress: Address;
  readonly registries: MarketAddresses['registries'];
  readonly categories: readonly Category[];
  /** Of hub and registries: the timelock, where there is one. */
  readonly owner: Address;
  readonly timelock?: Address;
  /** Of this run, paid by the deployer; 0 when everything was there. */
  readonly gasUsed: bigint;
  readonly transactions: number;
}

/** A run that was cut off leaves transactions in the pool: what they do is seen when planning again, a block later. */
const ROUNDS = 6;
const TIMEOUT_MS = 60_000;
const BLOCK_POLL_MS = 200;
const BLOCK_TIMEOUT_MS = 30_000;

/**
 * Brings the market to a chain: token, registries, facets, timelock, hub, settings, categories, handover, at addresses that deployer,
 * terms and contracts alone decide. The one path for local networks, tests and public chains. What is there is kept and verified, so it
 * can be repeated at any time, also after it was cut off; two runs of one account at the same time are not foreseen.
 * @throws {GleanerError} deployment-differs when something else is there, or was changed; bad-request for terms this chain does not allow;
 * transaction-timed-out when transactions of an earlier run stay in the pool; and the failures of `Sender`
 */
export async function deployMarket(options: DeployOptions): Promise<Deployment> {
  const { deployer, timeoutMs = TIMEOUT_MS } = options;
  const market = await marketOf(options, deployer.address);
  const { chain, layout, categories } = market;
  const sender = createSender({ chain, account: deployer, timeoutMs });
  const receipts: Receipt[] = [];
  try {
    await waitUntilSettled(chain, deployer.address, timeoutMs);
    receipts.push(...(await ensureFactory(sender)));
    receipts.push(...(await completeMarket(sender, market, options)));
    return {
      hubAddress: layout.addresses.hub,
      tokenAddress: layout.addresses.token,
      registries: layout.addresses.registries,
      categories,
      owner: layout.owner,
      ...(layout.timelock && { timelock: layout.timelock.address }),
      gasUsed: receipts.reduce((sum, receipt) => sum + receipt.gasUsed, 0n),
      transactions: receipts.length,
    };
  } finally {
    sender.close();
  }
}

/** Looks, checks, sends what is missing, and looks again until nothing is. The handover waits until all else was seen and checked. */
async function completeMarket(sender: Sender, { chain, layout, categories }: Market, options: DeployOptions): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (let round = 1; ; round++) {
    await waitUntilSettled(chain, sender.address, options.timeoutMs ?? TIMEOUT_MS);
    const progress = await readProgress(chain, layout);
    assertSame(await checkDeployment(chain, layout, progress, categories));
    const stages = stagesLeft(layout, progress, categories);
    if (round > ROUNDS || callsOf(stages).length === 0) {
      assertSame(missingParts(layout, progress, categories));
      return receipts;
    }
    receipts.push(...(await runStages(sender, stages, options).catch(orPlanAgain(chain, round))));
  }
}

async function runStages(sender: Sender, stages: Stages, options: DeployOptions): Promise<Receipt[]> {
  const { parts, hub, settings, handover } = stages;
  const inFlight: Submitted[] = [];
  const mined = (): Promise<Receipt[]> => Promise.all(inFlight.map((submitted) => submitted.mined()));
  const submit = async (calls: readonly Call[]): Promise<void> => {
    const attempt = () => submitStage(sender, calls, options);
    inFlight.push(...(await attempt().catch(afterMined(mined, attempt))));
  };
  if (parts.length + hub.length + settings.length === 0) {
    await submit(handover);
    return mined();
  }
  await submit(parts);
  await submit(hub);
  // calls of an address without code do nothing, so the simulation of the settings says nothing before the hub is seen
  if (!(await isPending(sender.chain))) await mined();
  await submit(settings);
  return mined();
}

async function submitStage(sender: Sender, calls: readonly Call[], { log, signal }: DeployOptions): Promise<Submitted[]> {
  const submitted = await sender.submitAll(calls.map((call) => ({ ...call, state: 'pending', ...(signal && { signal }) })));
  for (const [i, { hash }] of submitted.entries()) log?.({ name: 'deploy.sent', call: calls[i]?.name ?? '', hash });
  return submitted;
}

/** Some nodes have no pending state: a refusal is believed only once the premises are mined. */
function afterMined<T>(mined: () => Promise<unknown>, again: () => Promise<T>): (error: unknown) => Promise<T> {
  return async (error) => {
    if (!isGleanerError(error) || error.code !== 'chain-reverted') throw error;
    await mined();
    return again();
  };
}

/** Whether the pending state of the node holds the hub. */
async function isPending(chain: Chain): Promise<boolean> {
  const code = await chain.attempt((rpc) => rpc.getCode({ address: chain.hubAddress, blockTag: 'pending' }), 'code');
  return code !== undefined && code !== '0x';
}

function orPlanAgain(chain: Chain, round: number): (error: unknown) => Promise<Receipt[]> {
  return async (error) => {
    if (round === ROUNDS || !isOvertaken(error)) throw error;
    await nextBlock(chain);
    return [];
  };
}

/** Refused because it was done meanwhile, or its nonce was used: both by what an earlier run had sent. */
function isOvertaken(error: unknown): boolean {
  if (!isGleanerError(error)) return false;
  return error.code === 'chain-reverted' || (error.code === 'transaction-rejected' && error.details['reason'] === 'nonce-consumed');
}

/** Resolves when the head has moved; at the latest after half a minute, for chains that mine on demand. */
async function nextBlock(chain: Chain): Promise<void> {
  const { hash } = await chain.head();
  const end = performance.now() + BLOCK_TIMEOUT_MS;
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, BLOCK_POLL_MS));
    if ((await chain.head()).hash !== hash) return;
  }
}
