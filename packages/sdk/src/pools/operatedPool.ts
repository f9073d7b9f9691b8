import {
  changeAgent,
  changePriceFloor,
  createOperatedPool,
  depositFor,
  type OperatorInfo,
  type Receipt,
  readPoolOwner,
  withdrawFromOperator,
} from '@gleaner/chain';
import { type Address, GleanerError } from '@gleaner/primitives';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import type { RegisteredWorkerpool } from './publishOffer.ts';

export interface OperatedPoolTerms {
  /** Key of the scheduler; it can be replaced at any time. */
  readonly agent: Address;
  /** Least price that the agent may offer, nRLC per task. */
  readonly priceFloor: bigint;
  readonly description: string;
}

/**
 * Registers a workerpool behind an operator contract of the client's account: the contract owns the pool and its stake, the agent signs for it.
 * Owner, first agent, first floor and description decide the address, so repeating it costs nothing.
 * @throws {GleanerError} key-not-found, gas-too-low, chain-reverted; transaction-timed-out, aborted, timed-out: repeat the call
 */
export function registerOperatedPool(
  gleaner: Gleaner,
  terms: OperatedPoolTerms,
  settings: CallSettings = {},
): Promise<RegisteredWorkerpool & { readonly operator: Address }> {
  return bounded(gleaner, settings, async (client) => {
    const { address, operator, receipt } = await createOperatedPool(client.sender(), terms, callOptions(client));
    return { workerpool: address, operator, existed: receipt === undefined };
  });
}

export interface PoolOwner {
  readonly owner: Address;
  /** Settings of the operator contract when it is the owner. */
  readonly operator?: OperatorInfo;
}

/** Who owns a workerpool. @throws {GleanerError} resource-not-deployed, chain-unreachable, timed-out, aborted */
export function getPoolOwner(gleaner: Gleaner, workerpool: Address, settings: CallSettings = {}): Promise<PoolOwner> {
  return bounded(gleaner, settings, ({ chain }) => readPoolOwner(chain, workerpool));
}

/**
 * Gives a pool to another agent, at once: what the former one signed is void. By the owner of its operator.
 * @throws {GleanerError} key-not-found, forbidden, resource-not-deployed, bad-request for a pool without an operator;
 *   transaction-timed-out, aborted, timed-out
 */
export function changePoolAgent(
  gleaner: Gleaner,
  { workerpool, agent }: { readonly workerpool: Address; readonly agent: Address },
  settings: CallSettings = {},
): Promise<Receipt> {
  return bounded(gleaner, settings, async (client) => {
    const { operator } = await operatorOf(client, workerpool);
    return await changeAgent(client.sender(), { operator, agent }, callOptions(client));
  });
}

/**
 * Least price that the agent may offer, for offers that are signed already too. By the owner of the operator.
 * @param input.priceFloor nRLC per task
 * @throws {GleanerError} as `changePoolAgent`
 */
export function changePoolFloor(
  gleaner: Gleaner,
  { workerpool, priceFloor }: { readonly workerpool: Address; readonly priceFloor: bigint },
  settings: CallSettings = {},
): Promise<Receipt> {
  return bounded(gleaner, settings, async (client) => {
    const { operator } = await operatorOf(client, workerpool);
    return await changePriceFloor(client.sender(), { operator, priceFloor }, callOptions(client));
  });
}

export interface StakeMove {
  readonly workerpool: Address;
  /** nRLC. */
  readonly amount: bigint;
}

/**
 * From the wallet of the client's account into the escrow of whoever owns the pool: stake for its offers.
 * @throws {GleanerError} key-not-found, balance-too-low, resource-not-deployed; transaction-timed-out, aborted, timed-out: it may still be mined
 */
export function depositStake(gleaner: Gleaner, { workerpool, amount }: StakeMove, settings: CallSettings = {}): Promise<Receipt> {
  return bounded(gleaner, settings, async (client) => {
    const { owner } = await readPoolOwner(client.chain, workerpool);
    return await depositFor(client.sender(), { amount, account: owner }, callOptions(client));
  });
}

/**
 * Out of the free escrow of a pool's operator, into the wallet of the client's account, which owns the operator. What an account holds itself
 * comes back with `withdraw`.
 * @throws {GleanerError} as `changePoolAgent`; balance-too-low
 */
export function withdrawStake(gleaner: Gleaner, { workerpool, amount }: StakeMove, settings: CallSettings = {}): Promise<Receipt> {
  return bounded(gleaner, settings, async (client) => {
    const { operator } = await operatorOf(client, workerpool);
    return await withdrawFromOperator(client.sender(), { operator, amount }, callOptions(client));
  });
}

async function operatorOf({ chain }: Gleaner, workerpool: Address): Promise<OperatorInfo> {
  const { owner, operator } = await readPoolOwner(chain, workerpool);
  if (operator !== undefined) return operator;
  throw new GleanerError('bad-request', `The workerpool ${workerpool} has no operator: ${owner} holds it directly`, {
    details: { workerpool, owner },
  });
}
