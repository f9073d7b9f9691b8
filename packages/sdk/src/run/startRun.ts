import { depositAndMatch, type Match, matchOrders, readWallet } from '@gleaner/chain';
import { type Address, type DealId, GleanerError, isGleanerError, type ReasonCode, type TaskId } from '@gleaner/primitives';
import { taskId } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { findMatch } from '../deals/findMatch.ts';
import type { PreparedRun } from './prepareRun.ts';

export interface MatchedRun {
  readonly dealId: DealId;
  readonly taskIds: readonly TaskId[];
  readonly transactionHash: `0x${string}`;
  readonly blockNumber: bigint;
  /** nRLC locked for all tasks. */
  readonly total: bigint;
}

/**
 * Makes the deal of a prepared run, or finds it when it was made before; what the escrow lacks is deposited in the same transaction, so both
 * happen or neither. Safe to call again after whatever stopped it, in another process too: the request is used up by its deal, so money is
 * locked once. With a client that is still open nothing is even sent again.
 * @throws {GleanerError} balance-too-low before anything is sent, and the refusals of the chain: orders-incompatible, order-consumed,
 *   order-signature-invalid, resource-not-deployed, stake-too-low, gas-too-low; aborted, timed-out, transaction-timed-out: the deal
 *   `details.dealId` may still be made, and calling again with the same value tells
 */
export async function startRun(gleaner: Gleaner, prepared: PreparedRun, settings: CallSettings = {}): Promise<MatchedRun> {
  try {
    return await bounded(gleaner, settings, async (client) => (await findRun(client, prepared)) ?? (await makeDeal(client, prepared)));
  } catch (error) {
    throw withDeal(error, prepared);
  }
}

/** Failures after which nobody knows whether the deal will be made. */
const OPEN_ENDED: ReadonlySet<ReasonCode> = new Set(['aborted', 'timed-out', 'transaction-timed-out']);

function withDeal(error: unknown, { dealId }: PreparedRun): unknown {
  if (!isGleanerError(error) || !OPEN_ENDED.has(error.code)) return error;
  const message = `${error.message}; deal ${dealId} may still be made: start the same prepared run again to see`;
  return new GleanerError(error.code, message, { details: { ...error.details, dealId }, cause: error });
}

async function makeDeal(client: Gleaner, prepared: PreparedRun): Promise<MatchedRun> {
  const { orders, total } = prepared;
  const amount = await missingDeposit(client, orders.request.requester, total);
  const options = { ...callOptions(client), effect: `match:${prepared.dealId}` };
  try {
    const match =
      amount > 0n
        ? await depositAndMatch(client.sender(), { orders, amount, token: client.network.tokenAddress }, options)
        : await matchOrders(client.sender(), orders, options);
    return toRun(prepared, match);
  } catch (error) {
    // The same request may have been sent before: by a process that has ended, or by somebody else who had it.
    const found = isGleanerError(error) && error.code !== 'aborted' ? await findRun(client, prepared).catch(() => undefined) : undefined;
    if (found !== undefined) return found;
    throw error;
  }
}

function toRun({ price }: PreparedRun, { dealId, volume, receipt }: Match): MatchedRun {
  const { transactionHash, blockNumber } = receipt;
  return { dealId, taskIds: taskIdsOf(dealId, volume), transactionHash, blockNumber, total: price * volume };
}

/** The deal of this request on chain. */
async function findRun({ hub, chain }: Gleaner, { dealId, price }: PreparedRun): Promise<MatchedRun | undefined> {
  const deal = await hub.viewDeal(dealId);
  if (deal === undefined) return undefined;
  const { number: to } = await chain.head();
  const match = await findMatch(chain, { dealId, workerpool: deal.workerpool.pointer, to });
  if (match === undefined) return undefined;
  const { transactionHash, blockNumber } = match;
  return { dealId, taskIds: taskIdsOf(dealId, deal.botSize), transactionHash, blockNumber, total: price * deal.botSize };
}

/** The first deal of a request begins at index 0. */
function taskIdsOf(dealId: DealId, volume: bigint): readonly TaskId[] {
  return Array.from({ length: Number(volume) }, (_, index) => taskId(dealId, BigInt(index)));
}

/**
 * Refuses a run that the client's account cannot pay, before anything is registered or sent for it.
 * @param total in nRLC
 * @throws {GleanerError} key-not-found; balance-too-low when wallet and escrow together hold less; chain-unreachable, timed-out, aborted
 */
export function assertCanPay(gleaner: Gleaner, total: bigint, settings: CallSettings = {}): Promise<void> {
  return bounded(gleaner, settings, async (client) => {
    await missingDeposit(client, client.signer().address, total);
  });
}

/** nRLC to deposit so that the escrow covers the total. */
async function missingDeposit({ hub, chain, network }: Gleaner, requester: Address, total: bigint): Promise<bigint> {
  const [{ stake }, wallet] = await Promise.all([hub.viewAccount(requester), readWallet(chain, network.tokenAddress, requester)]);
  const missing = total > stake ? total - stake : 0n;
  if (missing <= wallet.token) return missing;
  throw new GleanerError(
    'balance-too-low',
    `The run costs ${total} nRLC; ${requester} has ${stake} nRLC in the escrow and ${wallet.token} nRLC in the wallet`,
    {
      details: { account: requester, needed: total, escrow: stake, wallet: wallet.token, missing: missing - wallet.token },
    },
  );
}
