import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import type { HubEvent } from '../../hubEvents.ts';
import { checkMatch } from '../../orders/checkMatch.ts';
import { hashOrder } from '../../orders/hashOrder.ts';
import type { MatchView, OrderState, WorkerpoolAsset } from '../../orders/MatchView.ts';
import { type MatchPlan, matchPlan } from '../../orders/matchPlan.ts';
import type { OrderKind, Orders } from '../../orders/orderSchema.ts';
import { depositTo, lockFunds } from './escrow.ts';
import type { Applied, CallNamed, OrdersToMatch, SignedBy } from './MarketCall.ts';
import { type AssetKind, accountOf, consumedOf, type MarketState, withEntries } from './MarketState.ts';
import { CallRefused, refuse } from './refuse.ts';

type MatchCall = CallNamed<'matchOrders' | 'sponsorMatchOrders' | 'depositAndMatch'>;

export function applyMatchOrders(state: MarketState, call: MatchCall): Applied {
  return match(state, call, call.requestOrder.requester);
}

/** The caller pays, and an event says so. */
export function applySponsorMatchOrders(state: MarketState, call: MatchCall): Applied {
  return match(state, call, call.caller, true);
}

/** Deposit through the token's `approveAndCall`, then match: both or neither. */
export function applyDepositAndMatch(state: MarketState, call: CallNamed<'depositAndMatch'>): Applied {
  const deposited = depositTo(state, call.caller, call.caller, call.amount);
  if (call.requestOrder.requester !== call.caller) refuse({ kind: 'custom', name: 'CallerIsNotTheRequester' });
  const matched = withReason(() => match(deposited.state, call, call.caller));
  return { state: matched.state, events: [...deposited.events, ...matched.events] };
}

/** What a deposit sets off may not fail without a reason. */
function withReason(apply: () => Applied): Applied {
  try {
    return apply();
  } catch (error) {
    if (error instanceof CallRefused && error.revert.kind === 'empty') refuse({ kind: 'custom', name: 'OperationFailed' });
    throw error;
  }
}

function match(state: MarketState, call: MatchCall, sponsor: Address, sponsored = false): Applied {
  const view = matchView(state, call, sponsor);
  const [issue] = checkMatch(view);
  if (issue !== undefined) refuse(issue.revert);
  const plan = matchPlan(view, call.now);
  const [sponsorLock, poolLock] = plan.locks;
  const paid = lockFunds(state, sponsorLock.account, sponsorLock.amount);
  const staked = lockFunds(paid.state, poolLock.account, poolLock.amount);
  return {
    state: {
      ...staked.state,
      consumed: withEntries(state.consumed, plan.consumed),
      deals: withEntries(state.deals, [[plan.dealId, plan.deal]]),
    },
    events: [...paid.events, ...staked.events, ...matchEvents(plan, sponsored)],
  };
}

function matchEvents({ dealId, deal, hashes, volume }: MatchPlan, sponsored: boolean): HubEvent[] {
  const { app, dataset, workerpool, request } = hashes;
  return [
    { name: 'SchedulerNotice', args: { workerpool: deal.workerpool.pointer, dealid: dealId } },
    {
      name: 'OrdersMatched',
      args: { dealid: dealId, appHash: app, datasetHash: dataset, workerpoolHash: workerpool, requestHash: request, volume },
    },
    ...(sponsored ? [{ name: 'DealSponsored', args: { dealId, sponsor: deal.sponsor } } as const] : []),
  ];
}

/** The rules of matching see the market through this. */
function matchView(state: MarketState, orders: OrdersToMatch, sponsor: Address): MatchView {
  const { appOrder, datasetOrder, workerpoolOrder, requestOrder, signatures } = orders;
  const app = assetView(state, 'app', appOrder.app);
  const dataset = assetView(state, 'dataset', datasetOrder.dataset);
  const workerpool = assetView(state, 'workerpool', workerpoolOrder.workerpool);
  return {
    appOrder,
    datasetOrder,
    workerpoolOrder,
    requestOrder,
    sponsor,
    app,
    dataset,
    workerpool,
    states: {
      app: orderState(state, 'app', appOrder, app.owner, signatures.app),
      dataset: orderState(state, 'dataset', datasetOrder, dataset.owner, signatures.dataset),
      workerpool: orderState(state, 'workerpool', workerpoolOrder, workerpool.owner, signatures.workerpool),
      request: orderState(state, 'request', requestOrder, requestOrder.requester, signatures.request),
    },
    categoryCount: BigInt(state.categories.length),
    groupAllows: (group, candidate) => state.groups.get(group)?.has(candidate) ?? false,
    balanceOf: (account) => accountOf(state, account).stake,
  };
}

function assetView({ assets }: MarketState, kind: AssetKind, entry: Address): WorkerpoolAsset {
  const asset = assets.get(entry);
  return {
    ...(asset === undefined ? {} : { owner: asset.owner }),
    registered: asset?.kind === kind && asset.registered,
    workerStakeRatio: asset?.policy?.workerStakeRatio ?? 0n,
    schedulerRewardRatio: asset?.policy?.schedulerRewardRatio ?? 0n,
  };
}

function orderState<K extends OrderKind>(
  state: MarketState,
  kind: K,
  order: Orders[K],
  signer: Address | undefined,
  signedBy: SignedBy,
): OrderState {
  const hash = hashOrder(kind, order, state.domain);
  const presigned = signer !== undefined && signer !== ZERO_ADDRESS && state.presigned.get(hash) === signer;
  return { hash, consumed: consumedOf(state, hash), signature: presigned ? 'valid' : signatureState(signer, signedBy) };
}

function signatureState(signer: Address | undefined, signedBy: SignedBy): OrderState['signature'] {
  if (signedBy === 'bad-length') return 'bad-length';
  return signedBy === signer ? 'valid' : 'invalid';
}
