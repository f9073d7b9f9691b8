import type { Address } from '@gleaner/primitives';
import { logWeight } from '../../classic/consensus.ts';
import { KITTY_ADDRESS, KITTY_MIN } from '../../classic/constants.ts';
import { type SettleView, settle } from '../../classic/settle.ts';
import type { HubEvent } from '../../hubEvents.ts';
import { checkedMul, withoutPanic } from '../../uint256.ts';
import { priceOf } from './checkDeal.ts';
import { areEvents, type HubLog } from './hubLogs.ts';
import { logsBefore, type RuleContext } from './RuleContext.ts';

/** How the task ended; weights follow from the scores. */
export type Ending =
  | { readonly kind: 'finalize'; readonly contributions: readonly { worker: Address; proved: boolean; score: bigint }[] }
  | Extract<SettleView['ending'], { kind: 'contributeAndFinalize' | 'claim' }>;

/** The logs before the closing event are exactly what `settle` gives, and nothing else of the task was paid. Source: docs/receipt.md, section 4.4. */
export function checkSettlement(context: RuleContext, closing: HubLog, ending: Ending): void {
  const share = kittyShareOf(context, closing);
  const expected = withoutPanic(() => settlementOf(context, share, ending));
  if (expected === undefined) {
    context.findings.expect('settlement', false, 'The payments of these terms overflow');
    return;
  }
  const paid = logsBefore(context, closing, expected.length);
  context.findings.expect('settlement', areEvents(paid, expected), 'The payments in the log are not those that the rules give');
  checkNothingElse(context, paid);
  if (ending.kind !== 'claim') checkSum(context, paid, share);
}

function settlementOf({ hub, taskId, deal }: RuleContext, share: bigint, ending: Ending): readonly HubEvent[] {
  return settle({ hub, taskId, deal, kitty: kittyWith(share), ending: endingOf(ending) }).events;
}

const endingOf = (ending: Ending): SettleView['ending'] =>
  ending.kind === 'finalize'
    ? { kind: 'finalize', contributions: ending.contributions.map((entry) => ({ ...entry, weight: logWeight(entry.score) })) }
    : ending;

/** A kitty of which this share is paid; its real balance is not in a receipt. */
const kittyWith = (share: bigint): bigint => (share <= KITTY_MIN ? share : checkedMul(share, 10n));

function kittyShareOf({ logs, taskId }: RuleContext, { transaction }: HubLog): bigint {
  const seizures = (logs[transaction] ?? []).flatMap(({ event }) =>
    event.name === 'Seize' && event.args.owner === KITTY_ADDRESS && event.args.ref === taskId ? [event.args.amount] : [],
  );
  return seizures[0] ?? 0n;
}

function isOfTask({ name, args }: HubEvent, { taskId }: RuleContext): boolean {
  if (name === 'Seize' || name === 'Reward') return args.ref === taskId;
  return (name === 'AccurateContribution' || name === 'FaultyContribution') && args.taskid === taskId;
}

function checkNothingElse(context: RuleContext, paid: readonly HubLog[]): void {
  const others = context.logs.flat().filter((log) => isOfTask(log.event, context) && !paid.includes(log));
  context.findings.expect('settlement-extra', others.length === 0, 'More was paid or seized for this task than at its end');
}

function checkSum(context: RuleContext, paid: readonly HubLog[], share: bigint): void {
  const amounts = (name: 'Reward' | 'Seize') => paid.flatMap(({ event }) => (event.name === name ? [event.args.amount] : []));
  const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
  const price = withoutPanic(() => priceOf(context.receipt)) ?? 0n;
  // the first seizure is the payer's price, one more may be the kitty's share
  const fromWorkers = sum(amounts('Seize').slice(1)) - share;
  const adds = sum(amounts('Reward')) === price + fromWorkers + share;
  context.findings.expect('payout-sum', adds, 'The rewards do not add up to what was paid and seized');
}
