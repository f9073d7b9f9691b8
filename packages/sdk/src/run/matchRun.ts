import { depositAndMatch, type Match, matchOrders, readWallet } from '@gleaner/chain';
import { type Address, type DealId, GleanerError, type TaskId } from '@gleaner/primitives';
import { type AppOrder, formatParams, NULL_DATASET_ORDER, type RequestParams, type Signed, taskId } from '@gleaner/protocol';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { createRequestOrder, signOrder } from '../orders/signOrder.ts';
import type { Quote } from './quoteRun.ts';

export interface RunInput {
  readonly quote: Quote;
  readonly appOrder: Signed<AppOrder>;
  readonly params: RequestParams;
}

export interface MatchedRun {
  readonly dealId: DealId;
  readonly taskIds: readonly TaskId[];
  readonly transactionHash: `0x${string}`;
  readonly blockNumber: bigint;
  /** nRLC locked for all tasks. */
  readonly total: bigint;
}

/**
 * Signs the request and makes the deal; what the escrow lacks is deposited in the same transaction, so both happen or neither.
 * @throws {GleanerError} balance-too-low before anything is sent, and the refusals of matchOrders
 */
export async function matchRun(gleaner: Gleaner, { quote, appOrder, params }: RunInput): Promise<MatchedRun> {
  const requester = gleaner.signer().address;
  const missing = await missingDeposit(gleaner, requester, quote.total);
  const request = await signOrder(
    gleaner,
    'request',
    createRequestOrder({
      app: appOrder.app,
      appMaxPrice: appOrder.appprice,
      workerpool: quote.workerpool,
      workerpoolMaxPrice: quote.workerpoolPrice,
      requester,
      volume: quote.tasks,
      category: quote.category,
      trust: quote.trust,
      params: formatParams({ iexec_result_storage_provider: 'ipfs', ...params }),
    }),
  );
  const orders = { app: appOrder, dataset: { ...NULL_DATASET_ORDER, sign: '0x' as const }, workerpool: quote.workerpoolOrder, request };
  const options = callOptions(gleaner);
  const match: Match =
    missing > 0n
      ? await depositAndMatch(gleaner.sender(), { orders, amount: missing, token: gleaner.network.tokenAddress }, options)
      : await matchOrders(gleaner.sender(), orders, options);
  const first = (await gleaner.hub.viewDeal(match.dealId))?.botFirst ?? 0n;
  return {
    dealId: match.dealId,
    taskIds: Array.from({ length: Number(match.volume) }, (_, offset) => taskId(match.dealId, first + BigInt(offset))),
    transactionHash: match.receipt.transactionHash,
    blockNumber: match.receipt.blockNumber,
    total: quote.price * match.volume,
  };
}

/**
 * Refuses a run that the requester cannot pay, before anything is registered or sent for it.
 * @param total in nRLC
 * @throws {GleanerError} balance-too-low when wallet and escrow together hold less
 */
export async function assertCanPay(gleaner: Gleaner, total: bigint): Promise<void> {
  await missingDeposit(gleaner, gleaner.signer().address, total);
}

/** nRLC to deposit so that the escrow covers the total. */
async function missingDeposit(gleaner: Gleaner, requester: Address, total: bigint): Promise<bigint> {
  const [{ stake }, wallet] = await Promise.all([
    gleaner.hub.viewAccount(requester),
    readWallet(gleaner.chain, gleaner.network.tokenAddress, requester),
  ]);
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
