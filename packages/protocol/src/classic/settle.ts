import { type Address, assertNever, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { type HubEvent, rewarded, seized, unlocked } from '../hubEvents.ts';
import type { Deal } from '../orders/MatchView.ts';
import { checkedAdd, checkedMul, checkedSub, percentDown } from '../uint256.ts';
import { KITTY_ADDRESS } from './constants.ts';
import { kittyShare } from './kitty.ts';
import { scoreAfterFault, scoreAfterSuccess } from './scores.ts';
import { poolStake } from './stakes.ts';

export interface SettledContribution {
  readonly worker: Address;
  /** Revealed in time for the consensus value. */
  readonly proved: boolean;
  /** `logWeight` of the worker's score when it contributed. */
  readonly weight: bigint;
  /** Score before the settlement. */
  readonly score: bigint;
}

export interface SettleView {
  readonly hub: Address;
  readonly taskId: TaskId;
  readonly deal: Pick<Deal, 'app' | 'dataset' | 'workerpool' | 'sponsor' | 'workerStake' | 'schedulerRewardRatio'>;
  /** Locked value of the kitty, nRLC. */
  readonly kitty: bigint;
  readonly ending:
    | { readonly kind: 'finalize'; readonly contributions: readonly SettledContribution[] }
    | { readonly kind: 'contributeAndFinalize'; readonly worker: Address }
    | { readonly kind: 'claim'; readonly contributors: readonly Address[] };
}

export interface Settlement {
  /** Money and score events in the order in which the hub logs them, without the task's own event. */
  readonly events: readonly HubEvent[];
  /** New scores of the workers whose score changed. */
  readonly scores: ReadonlyMap<Address, bigint>;
}

/**
 * Who gets and who loses what when a task ends.
 * @throws {SolidityPanic} where the contract overflows
 * Source: protocol reference 6.1 to 6.4.
 */
export function settle(view: SettleView): Settlement {
  const { ending } = view;
  switch (ending.kind) {
    case 'finalize':
      return settleReplicated(view, ending.contributions);
    case 'contributeAndFinalize':
      return { events: [...successEvents(view), ...soleWorkerEvents(view, ending.worker)], scores: new Map() };
    case 'claim':
      return { events: claimEvents(view, ending.contributors), scores: new Map() };
    default:
      return assertNever(ending);
  }
}

/** nRLC that the payer of the deal locked for this task. */
function paidPrice({ deal }: SettleView): bigint {
  return checkedAdd(checkedAdd(deal.app.price, deal.dataset.price), deal.workerpool.price);
}

function successEvents(view: SettleView): HubEvent[] {
  const { hub, taskId, deal, kitty } = view;
  const poolOwner = deal.workerpool.owner;
  return [
    seized(deal.sponsor, paidPrice(view), taskId),
    ...(deal.app.price > 0n ? rewarded(hub, deal.app.owner, deal.app.price, taskId) : []),
    ...(deal.dataset.pointer !== ZERO_ADDRESS && deal.dataset.price > 0n
      ? rewarded(hub, deal.dataset.owner, deal.dataset.price, taskId)
      : []),
    ...unlocked(hub, poolOwner, poolStake(deal.workerpool.price)),
    ...(kitty > 0n ? [seized(KITTY_ADDRESS, kittyShare(kitty), taskId), ...rewarded(hub, poolOwner, kittyShare(kitty), taskId)] : []),
  ];
}

function settleReplicated(view: SettleView, contributions: readonly SettledContribution[]): Settlement {
  const { hub, taskId, deal } = view;
  const { rewards, schedulerReward } = splitReward(view, contributions);
  const events = successEvents(view);
  const scores = new Map<Address, bigint>();
  for (const [index, { worker, proved, score }] of contributions.entries()) {
    if (!proved) {
      events.push(seized(worker, deal.workerStake, taskId), { name: 'FaultyContribution', args: { worker, taskid: taskId } });
      scores.set(worker, scoreAfterFault(score));
      continue;
    }
    events.push(...unlocked(hub, worker, deal.workerStake), ...rewarded(hub, worker, rewards[index] ?? 0n, taskId));
    if (contributions.length === 1) continue; // a lone winner earns no score
    events.push({ name: 'AccurateContribution', args: { worker, taskid: taskId } });
    scores.set(worker, scoreAfterSuccess(score));
  }
  events.push(...rewarded(hub, deal.workerpool.owner, schedulerReward, taskId));
  return { events, scores };
}

/** Rewards in contribution order, 0 for the losers; what division leaves over goes to the scheduler. */
function splitReward({ deal }: SettleView, contributions: readonly SettledContribution[]): { rewards: bigint[]; schedulerReward: bigint } {
  const losers = BigInt(contributions.filter(({ proved }) => !proved).length);
  const total = checkedAdd(deal.workerpool.price, checkedMul(deal.workerStake, losers));
  const workersReward = percentDown(total, checkedSub(100n, deal.schedulerRewardRatio));
  const logTotal = contributions.reduce((sum, { proved, weight }) => (proved ? sum + weight : sum), 0n);
  const rewards = contributions.map(({ proved, weight }) => (proved ? (workersReward * weight) / logTotal : 0n));
  return { rewards, schedulerReward: rewards.reduce((rest, reward) => rest - reward, total) };
}

function soleWorkerEvents({ hub, taskId, deal }: SettleView, worker: Address): HubEvent[] {
  const reward = percentDown(deal.workerpool.price, checkedSub(100n, deal.schedulerRewardRatio));
  return [...rewarded(hub, worker, reward, taskId), ...rewarded(hub, deal.workerpool.owner, deal.workerpool.price - reward, taskId)];
}

/** The payer and every contributor get their money back; the pool's stake goes to the kitty without a `Transfer`. */
function claimEvents(view: SettleView, contributors: readonly Address[]): HubEvent[] {
  const { hub, taskId, deal } = view;
  const stake = poolStake(deal.workerpool.price);
  return [
    ...unlocked(hub, deal.sponsor, paidPrice(view)),
    seized(deal.workerpool.owner, stake, taskId),
    { name: 'Reward', args: { owner: KITTY_ADDRESS, amount: stake, ref: taskId } },
    { name: 'Lock', args: { owner: KITTY_ADDRESS, amount: stake } },
    ...contributors.flatMap((worker) => unlocked(hub, worker, deal.workerStake)),
  ];
}
