import { type Address, type DealId, GleanerError, type OrderHash, type UnixSeconds, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { workerStake } from '../classic/stakes.ts';
import { dealId } from '../ids.ts';
import { dealTag } from '../tags.ts';
import { checkMatch } from './checkMatch.ts';
import { dealVolume } from './dealVolume.ts';
import { type Deal, hasDataset, type MatchView } from './MatchView.ts';
import { matchAmounts } from './matchAmounts.ts';
import type { OrderKind } from './orderSchema.ts';

export interface MatchPlan {
  readonly dealId: DealId;
  readonly volume: bigint;
  readonly deal: Deal;
  /** Hashes as the `OrdersMatched` event carries them: zero for «no dataset». */
  readonly hashes: Readonly<Record<OrderKind, OrderHash>>;
  /** Amounts that leave the free balance, in the order in which the hub locks them; the same account may appear twice. */
  readonly locks: readonly [sponsor: Lock, workerpoolOwner: Lock];
  /** New consumed volume of each order that took part. */
  readonly consumed: ReadonlyMap<OrderHash, bigint>;
}

export interface Lock {
  readonly account: Address;
  /** nRLC */
  readonly amount: bigint;
}

/**
 * The deal that a match at time `now` makes, and what it locks for whom.
 * @throws {GleanerError} orders-incompatible with the first issue, when `checkMatch` finds any
 */
export function matchPlan(view: MatchView, now: UnixSeconds): MatchPlan {
  const [issue] = checkMatch(view);
  if (issue !== undefined) throw new GleanerError('orders-incompatible', issue.message, { details: { ...issue.values, rule: issue.code } });
  const volume = dealVolume(view);
  const amounts = matchAmounts(view, volume);
  const { request, app, dataset, workerpool } = view.states;
  const withDataset = hasDataset(view);
  const used = [app, workerpool, request, ...(withDataset ? [dataset] : [])];
  return {
    dealId: dealId(request.hash, request.consumed),
    volume,
    deal: dealRecord(view, volume, now),
    hashes: {
      app: app.hash,
      dataset: withDataset ? dataset.hash : (ZERO_BYTES32 as string as OrderHash),
      workerpool: workerpool.hash,
      request: request.hash,
    },
    locks: [
      { account: view.sponsor, amount: amounts.price },
      { account: view.workerpool.owner ?? ZERO_ADDRESS, amount: amounts.stake },
    ],
    consumed: new Map(used.map(({ hash, consumed }) => [hash, consumed + volume])),
  };
}

function dealRecord(view: MatchView, volume: bigint, now: UnixSeconds): Deal {
  const { appOrder, datasetOrder, workerpoolOrder, requestOrder } = view;
  const ownerOf = (owner: Address | undefined): Address => owner ?? ZERO_ADDRESS;
  return {
    app: { pointer: appOrder.app, owner: ownerOf(view.app.owner), price: appOrder.appprice },
    dataset: hasDataset(view)
      ? { pointer: datasetOrder.dataset, owner: ownerOf(view.dataset.owner), price: datasetOrder.datasetprice }
      : { pointer: ZERO_ADDRESS, owner: ZERO_ADDRESS, price: 0n },
    workerpool: { pointer: workerpoolOrder.workerpool, owner: ownerOf(view.workerpool.owner), price: workerpoolOrder.workerpoolprice },
    trust: requestOrder.trust > 1n ? requestOrder.trust : 1n,
    category: requestOrder.category,
    tag: dealTag({ app: appOrder.tag, dataset: datasetOrder.tag, request: requestOrder.tag }),
    requester: requestOrder.requester,
    beneficiary: requestOrder.beneficiary,
    callback: requestOrder.callback,
    params: requestOrder.params,
    startTime: now,
    botFirst: view.states.request.consumed,
    botSize: volume,
    workerStake: workerStake(workerpoolOrder.workerpoolprice, view.workerpool.workerStakeRatio),
    schedulerRewardRatio: view.workerpool.schedulerRewardRatio,
    sponsor: view.sponsor,
  };
}
