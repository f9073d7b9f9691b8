import type { Address, Hex } from '@gleaner/primitives';
import { isGleanerError, ZERO_BYTES32 } from '@gleaner/primitives';
import { type Category, STANDARD_CATEGORIES } from '@gleaner/protocol';
import type { LocalAccount } from 'viem';
import { type Chain, createChain } from '../client/createChain.ts';
import type { MarketAddresses } from '../reads/readHub.ts';
import type { Call } from '../sender/call.ts';
import { createSender, type Receipt, type Sender, type Submitted } from '../sender/createSender.ts';
import { layOut, type Stages, stagesLeft } from './plan.ts';
import { assertFactory, readProgress, verifyDeployment } from './progress.ts';

export interface DeployOptions {
  readonly rpcUrl: string;
  /** Pays for the creations. */
  readonly deployer: LocalAccount;
  /** Owns hub and registries and configures them; the deployer by default. With the same account everything is in flight at once. */
  readonly owner?: LocalAccount;
  /** Receives the supply of the token; the owner by default. */
  readonly tokenHolder?: Address;
  /** A token with `approveAndCall` that is there already. */
  readonly token?: Address;
  /** The standard set by default. The index is the id, so a set on a chain can only grow at its end. */
  readonly categories?: readonly Category[];
  /** 32 bytes; zero by default. Another salt gives another market on the same chain. */
  readonly salt?: Hex;
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
  /** Of this run; 0 when everything was there. */
  readonly gasUsed: bigint;
  readonly transactions: number;
}

/** A run that was cut off leaves transactions in the pool: what they do is seen when planning again, a block later. */
const ROUNDS = 6;
const BLOCK_POLL_MS = 200;
const BLOCK_TIMEOUT_MS = 30_000;

/**
 * Brings the market to a chain: token, registries, facets, hub, settings and categories, at addresses that owner, token holder, salt and
 * the contracts alone decide. What is there is kept and verified, so it can be repeated at any time, also after it was cut off.
 * @throws {GleanerError} network-start-failed without the CREATE2 factory or when the market there differs, and the failures of `Sender`
 */
export async function deployMarket(options: DeployOptions): Promise<Deployment> {
  const { rpcUrl, deployer, owner = deployer, categories = STANDARD_CATEGORIES, signal, timeoutMs } = options;
  const layout = layOut({
    owner: owner.address,
    tokenHolder: options.tokenHolder ?? owner.address,
    salt: options.salt ?? ZERO_BYTES32,
    ...(options.token && { token: options.token }),
  });
  const { hub, token, registries } = layout.addresses;
  const chain = createChain({ rpcUrl, hubAddress: hub, ...(signal && { signal }) });
  await assertFactory(chain);
  const senders = createSenders(chain, deployer, owner, timeoutMs);
  const receipts: Receipt[] = [];
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      const stages = stagesLeft(layout, await readProgress(chain, layout), categories);
      if (!hasWork(stages)) break;
      receipts.push(...(await runStages(senders, stages, options).catch(orPlanAgain(chain, round))));
    }
  } finally {
    senders.deployer.close();
    senders.owner.close();
  }
  await verifyDeployment(chain, layout, categories);
  const gasUsed = receipts.reduce((sum, receipt) => sum + receipt.gasUsed, 0n);
  return { hubAddress: hub, tokenAddress: token, registries, categories, gasUsed, transactions: receipts.length };
}

interface Senders {
  readonly deployer: Sender;
  readonly owner: Sender;
}

function createSenders(chain: Chain, deployer: LocalAccount, owner: LocalAccount, timeoutMs: number | undefined): Senders {
  const create = (account: LocalAccount): Sender => createSender({ chain, account, ...(timeoutMs !== undefined && { timeoutMs }) });
  const ofDeployer = create(deployer);
  return { deployer: ofDeployer, owner: owner.address === deployer.address ? ofDeployer : create(owner) };
}

async function runStages({ deployer, owner }: Senders, { parts, hub, settings }: Stages, options: DeployOptions): Promise<Receipt[]> {
  const inFlight: Submitted[] = [];
  const mined = (): Promise<Receipt[]> => Promise.all(inFlight.map((submitted) => submitted.mined()));
  const submit = async (sender: Sender, calls: readonly Call[]): Promise<void> => {
    const attempt = () => submitStage(sender, calls, options);
    inFlight.push(...(await attempt().catch(afterMined(mined, attempt))));
  };
  await submit(deployer, parts);
  await submit(deployer, hub);
  // transactions of another account may overtake those of the deployer, and calls of an address without code do nothing
  if (owner !== deployer || !(await isPending(owner.chain))) await mined();
  await submit(owner, settings);
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
    if (round === ROUNDS || !isGleanerError(error) || error.code !== 'chain-reverted') throw error;
    await nextBlock(chain);
    return [];
  };
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

function hasWork({ parts, hub, settings }: Stages): boolean {
  return parts.length + hub.length + settings.length > 0;
}

/** Address the hub of these options has or will have, without looking at the chain. */
export function predictMarket(
  owner: Address,
  { tokenHolder = owner, token, salt = ZERO_BYTES32 }: Partial<DeployOptions> = {},
): MarketAddresses {
  return layOut({ owner, tokenHolder, salt, ...(token && { token }) }).addresses;
}
