import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import { poolStake } from '../../classic/stakes.ts';
import { type HubEvent, locked } from '../../hubEvents.ts';
import { dealId, taskId } from '../../ids.ts';
import { checkMatch } from '../../orders/checkMatch.ts';
import type { MatchView, OrderState } from '../../orders/MatchView.ts';
import { taskPrice } from '../../orders/matchAmounts.ts';
import { ORDER_KINDS, type OrderKind } from '../../orders/orderSchema.ts';
import { checkedMul, MAX_UINT256, withoutPanic } from '../../uint256.ts';
import type { ReadReceipt } from '../format/readReceipt.ts';
import { areEvents, type HubLog } from './hubLogs.ts';
import { logAfter, logsBefore, type RuleContext } from './RuleContext.ts';

type OrdersMatched = Extract<HubEvent, { name: 'OrdersMatched' }>['args'];

/** The match of the deal: ids, terms, payments and call. Source: docs/receipt.md, section 4.2. */
export function checkDeal(context: RuleContext): void {
  const { receipt, findings, logs } = context;
  checkIds(context);
  const matches = logs.flat().filter(({ event }) => event.name === 'OrdersMatched' && event.args.dealid === context.dealId);
  const [match] = matches;
  const found = matches.length === 1 && match?.transaction === 0 ? match : undefined;
  if (!findings.expect('match-missing', found !== undefined, `There is no single match of deal ${receipt.dealId} in the first transaction`))
    return;
  checkMatchLog(context, found as HubLog);
  checkOrdersFit(context);
  checkMatchCall(context);
}

function checkIds({ receipt, hashes: { request }, findings }: RuleContext): void {
  const { index, terms, orders } = receipt;
  findings.expect(
    'deal-id',
    dealId(request, terms.botFirst) === receipt.dealId,
    `The deal id does not follow from request order ${request}`,
  );
  const expected = taskId(receipt.dealId, index);
  findings.expect('task-id', expected === receipt.taskId, `The task id does not follow from the deal and index ${index}`);
  const inside = terms.botFirst <= index && index < terms.botFirst + terms.botSize;
  findings.expect('task-index', inside, `Index ${index} is outside the deal’s tasks, ${terms.botFirst} and ${terms.botSize - 1n} more`);
  const fits = terms.datasetOwner === ZERO_ADDRESS ? orders.dataset.dataset === ZERO_ADDRESS : orders.dataset.dataset !== ZERO_ADDRESS;
  findings.expect('deal-owners', fits, 'The owner of the data set is zero exactly when there is none');
}

function checkMatchLog(context: RuleContext, match: HubLog): void {
  const { receipt, hashes, findings } = context;
  const { terms } = receipt;
  const args = match.event.args as OrdersMatched;
  for (const kind of ORDER_KINDS) {
    findings.expect(
      'order-hashes',
      args[`${kind}Hash`] === hashes[kind],
      `The deal was made with another ${kind} order, ${args[`${kind}Hash`]}`,
    );
  }
  findings.expect(
    'deal-volume',
    isVolumePossible(receipt, args.volume),
    `A deal of ${terms.botSize} tasks does not follow from the orders and the log`,
  );
  findings.expect('start-time', terms.startTime === match.now, `The deal started at ${match.now}, not at ${terms.startTime}`);
  const before = matchPayments(context);
  const paid = before !== undefined && areEvents(logsBefore(context, match, before.length), before);
  findings.expect('match-payments', paid, 'What was locked at the match is not what the orders demand of these accounts');
  checkSponsor(context, match);
}

function isVolumePossible({ terms, orders }: ReadReceipt, volume: bigint): boolean {
  const { botFirst, botSize } = terms;
  const kinds = ORDER_KINDS.filter((kind) => kind !== 'request' && (kind !== 'dataset' || orders.dataset.dataset !== ZERO_ADDRESS));
  return (
    botSize >= 1n &&
    botSize === volume &&
    botFirst + botSize <= orders.request.volume &&
    kinds.every((kind) => botSize <= orders[kind].volume)
  );
}

/** Undefined when an amount is beyond 2^256 − 1. */
function matchPayments({ receipt, hub, dealId: deal }: RuleContext): HubEvent[] | undefined {
  const { terms, orders } = receipt;
  return withoutPanic(() => [
    ...locked(hub, terms.sponsor, checkedMul(priceOf(receipt), terms.botSize)),
    ...locked(hub, terms.workerpoolOwner, checkedMul(poolStake(orders.workerpool.workerpoolprice), terms.botSize)),
    { name: 'SchedulerNotice', args: { workerpool: orders.workerpool.workerpool, dealid: deal } },
  ]);
}

/** nRLC that the payer spends on the task. */
export function priceOf({ orders }: ReadReceipt): bigint {
  return taskPrice({ appOrder: orders.app, datasetOrder: orders.dataset, workerpoolOrder: orders.workerpool });
}

function checkSponsor(context: RuleContext, match: HubLog): void {
  const { receipt, findings } = context;
  const next = logAfter(context, match)?.event;
  const sponsored = next?.name === 'DealSponsored' && next.args.dealId === context.dealId ? next.args.sponsor : undefined;
  const payer: Address = sponsored ?? receipt.orders.request.requester;
  findings.expect('match-sponsor', payer === receipt.terms.sponsor, `The deal is paid by ${payer}, not by ${receipt.terms.sponsor}`);
}

/** The static part of matching; groups are contracts, so what only a group could allow is left. */
function checkOrdersFit(context: RuleContext): void {
  const { findings } = context;
  const view = matchView(context, (restriction, candidate) => {
    findings.leave(`whether the group ${restriction} admits ${candidate}`);
    return true;
  });
  for (const { code, message } of checkMatch(view)) findings.expect('orders-match', false, `${message} (${code})`);
}

function matchView({ receipt: { orders, terms }, hashes }: RuleContext, groupAllows: MatchView['groupAllows']): MatchView {
  const state = (kind: OrderKind): OrderState => ({
    hash: hashes[kind],
    consumed: kind === 'request' ? terms.botFirst : 0n,
    signature: 'valid',
  });
  return {
    appOrder: orders.app,
    datasetOrder: orders.dataset,
    workerpoolOrder: orders.workerpool,
    requestOrder: orders.request,
    sponsor: terms.sponsor,
    app: { owner: terms.appOwner, registered: true },
    dataset: { owner: terms.datasetOwner, registered: true },
    workerpool: { owner: terms.workerpoolOwner, registered: true, workerStakeRatio: 0n, schedulerRewardRatio: terms.schedulerRewardRatio },
    states: { app: state('app'), dataset: state('dataset'), workerpool: state('workerpool'), request: state('request') },
    categoryCount: orders.request.category + 1n,
    groupAllows,
    balanceOf: () => MAX_UINT256,
  };
}

function checkMatchCall({ receipt, calls, findings }: RuleContext): void {
  const [call] = calls;
  if (call === undefined || call.kind === 'indirect') {
    findings.leave('the call that made the deal: a contract made it');
    return;
  }
  const matched =
    call.kind === 'direct' && (call.call.name === 'matchOrders' || call.call.name === 'sponsorMatchOrders') ? call.call : undefined;
  if (!findings.expect('call-mismatch', matched !== undefined, 'The first transaction calls something else than a match')) return;
  const { app, dataset, workerpool, request } = receipt.orders;
  const same = [app, dataset, workerpool, request].every((order, at) => isSameOrder(order, matched?.args[at] as unknown as OrderFields));
  findings.expect('match-call', same, 'The orders in the call are not those of the receipt');
}

type OrderFields = Readonly<Record<string, unknown>>;
const isSameOrder = (order: OrderFields, called: OrderFields): boolean =>
  Object.entries(order).every(([name, value]) => String(called[name]) === String(value));
