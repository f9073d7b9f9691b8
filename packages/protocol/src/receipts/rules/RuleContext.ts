import type { Address, DealId, TaskId } from '@gleaner/primitives';
import { dealTrust } from '../../classic/consensus.ts';
import { TASK_EVENTS } from '../../hubEvents.ts';
import type { Deal } from '../../orders/MatchView.ts';
import { Findings } from '../Findings.ts';
import type { ReadReceipt } from '../format/readReceipt.ts';
import type { RuleCode } from '../receiptCodes.ts';
import { type CallOf, callOf } from './callOf.ts';
import { type HubLog, hubLogs } from './hubLogs.ts';
import { orderHashes } from './orderHashes.ts';

/** What every rule looks at. */
export interface RuleContext {
  readonly receipt: ReadReceipt;
  readonly hub: Address;
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly hashes: ReturnType<typeof orderHashes>;
  /** max(request order's trust, 1) */
  readonly trust: bigint;
  readonly deal: Pick<Deal, 'app' | 'dataset' | 'workerpool' | 'sponsor' | 'workerStake' | 'schedulerRewardRatio'>;
  /** Per transaction of the receipt. */
  readonly logs: readonly (readonly HubLog[])[];
  readonly calls: readonly CallOf[];
  readonly findings: Findings<RuleCode>;
}

export function createRuleContext(receipt: ReadReceipt): RuleContext {
  const { hubAddress, orders } = receipt;
  return {
    receipt,
    hub: hubAddress,
    taskId: receipt.taskId,
    dealId: receipt.dealId,
    hashes: orderHashes(receipt),
    trust: dealTrust(orders.request.trust),
    deal: dealOf(receipt),
    logs: hubLogs(receipt),
    calls: receipt.transactions.map(({ transaction }) => callOf(transaction, hubAddress)),
    findings: new Findings(),
  };
}

function dealOf({ orders, terms }: ReadReceipt): RuleContext['deal'] {
  const { app, dataset, workerpool } = orders;
  return {
    app: { pointer: app.app, owner: terms.appOwner, price: app.appprice },
    dataset: { pointer: dataset.dataset, owner: terms.datasetOwner, price: dataset.datasetprice },
    workerpool: { pointer: workerpool.workerpool, owner: terms.workerpoolOwner, price: workerpool.workerpoolprice },
    sponsor: terms.sponsor,
    workerStake: terms.workerStake,
    schedulerRewardRatio: terms.schedulerRewardRatio,
  };
}

/** The `count` logs of the hub right before this one in the same transaction, fewer where there are fewer. */
export function logsBefore({ logs }: RuleContext, log: HubLog, count: number): readonly HubLog[] {
  return (logs[log.transaction] ?? []).slice(Math.max(0, log.position - count), log.position);
}

/** The hub's log right after this one in the same transaction, or the one `step` after it. */
export function logAfter({ logs }: RuleContext, log: HubLog, step = 1): HubLog | undefined {
  return logs[log.transaction]?.[log.position + step];
}

/** Whether a log is one of the six events of this task. */
export function isTaskLog({ event }: HubLog, { taskId }: Pick<RuleContext, 'taskId'>): boolean {
  return (TASK_EVENTS as readonly string[]).includes(event.name) && 'taskid' in event.args && event.args.taskid === taskId;
}
