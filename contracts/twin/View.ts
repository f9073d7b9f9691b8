import { hubAbi, tokenAbi, workerpoolAbi } from '@gleaner/abi';
import type { Address, DealId, Hex, OrderHash, TaskId } from '@gleaner/primitives';
import { CHAIN_TASK_STATUSES, CONTRIBUTION_STATUSES, type MarketCall, type MarketState, type TaskRecord, taskId } from '@gleaner/protocol';
import { type Abi, encodeFunctionData, encodeFunctionResult } from 'viem';
import { SYSTEM, WATCHED } from './parties.ts';

/** A question to a contract, and its answer according to the twin. */
export interface View {
  readonly to: Address;
  readonly data: Hex;
  readonly answer: Hex;
}

function view(functionName: string, args: readonly unknown[], result: unknown, to: Address = SYSTEM.hub, abi: unknown = hubAbi): View {
  const question = { abi: abi as Abi, functionName };
  return { to, data: encodeFunctionData({ ...question, args }), answer: encodeFunctionResult({ ...question, result }) };
}

/** What a call may have touched besides money and scores, as it is in this state. */
export function viewsAfter(call: MarketCall, orders: readonly OrderHash[], state: MarketState): readonly View[] {
  const consumed = orders.map((hash) => view('viewConsumed', [hash], state.consumed.get(hash) ?? 0n));
  switch (call.name) {
    case 'matchOrders':
    case 'sponsorMatchOrders':
      return [...consumed, ...latestDeal(state)];
    case 'depositAndMatch':
      return [...consumed, ...latestDeal(state), tokens(state, call.caller)];
    case 'manageOrder':
      return [...consumed, ...orders.map((hash) => view('viewPresigned', [hash], state.presigned.get(hash) ?? NOBODY))];
    case 'deposit':
    case 'withdraw':
      return [tokens(state, call.caller), tokens(state, SYSTEM.hub)];
    case 'depositFor':
    case 'withdrawTo':
      return [call.caller, call.target, SYSTEM.hub].map((owner) => tokens(state, owner));
    case 'transferFrom':
      return [allowance(state, call.from, call.caller)];
    case 'approve':
    case 'increaseAllowance':
    case 'decreaseAllowance':
      return [allowance(state, call.caller, call.spender)];
    case 'createCategory':
      return [view('countCategory', [], BigInt(state.categories.length))];
    case 'setTeeBroker':
      return [view('teebroker', [], state.teeBroker)];
    case 'createAsset':
    case 'transferAsset':
    case 'changePolicy':
      return entryViews(call.entry, state);
    default:
      return tasksOf(call).flatMap((id) => taskViews(id, state));
  }
}

const NOBODY: Address = '0x0000000000000000000000000000000000000000';

const allowance = ({ allowances }: MarketState, owner: Address, spender: Address): View =>
  view('allowance', [owner, spender], allowances.get(owner)?.get(spender) ?? 0n);

const tokens = (state: MarketState, owner: Address): View =>
  view('balanceOf', [owner], state.tokens.get(owner) ?? 0n, SYSTEM.token, tokenAbi);

function latestDeal({ deals }: MarketState): readonly View[] {
  const [id] = [...deals.keys()].slice(-1);
  return id === undefined ? [] : [dealView(id, deals)];
}

const dealView = (id: DealId, deals: MarketState['deals']): View => view('viewDeal', [id], deals.get(id));

function entryViews(entry: Address, { assets }: MarketState): readonly View[] {
  const asset = assets.get(entry);
  if (asset === undefined) return [];
  const owner = view('owner', [], asset.owner, entry, workerpoolAbi);
  if (asset.policy === undefined) return [owner];
  const { workerStakeRatio, schedulerRewardRatio } = asset.policy;
  return [
    owner,
    view('m_workerStakeRatioPolicy', [], workerStakeRatio, entry, workerpoolAbi),
    view('m_schedulerRewardRatioPolicy', [], schedulerRewardRatio, entry, workerpoolAbi),
  ];
}

function tasksOf(call: MarketCall): readonly TaskId[] {
  if ('taskId' in call) return [call.taskId];
  if ('taskIds' in call) return call.taskIds;
  if ('dealIds' in call) return call.dealIds.map((id, at) => taskId(id, call.indexes[at] ?? 0n));
  return 'dealId' in call ? [taskId(call.dealId, call.index)] : [];
}

function taskViews(id: TaskId, { tasks }: MarketState): readonly View[] {
  const task = tasks.get(id);
  if (task === undefined) return [];
  return [
    view('viewTask', [id], taskResult(task)),
    ...[...task.contributions].map(([worker, contribution]) =>
      view('viewContribution', [id, worker], { ...contribution, status: CONTRIBUTION_STATUSES.indexOf(contribution.status) }),
    ),
  ];
}

function taskResult(task: TaskRecord) {
  return { ...task, status: CHAIN_TASK_STATUSES.indexOf(task.status), dealid: task.dealId, idx: task.index, resultsTimestamp: 0n };
}

/** Every deal, task and contribution, what is used up of every order, every allowance, entry and score, and the tokens of everybody. */
export function viewsOfAll(state: MarketState): readonly View[] {
  return [
    ...[...state.deals.keys()].map((id) => dealView(id, state.deals)),
    ...[...state.tasks.keys()].flatMap((id) => taskViews(id, state)),
    ...[...state.consumed].map(([hash, units]) => view('viewConsumed', [hash], units)),
    ...[...state.allowances].flatMap(([owner, spenders]) => [...spenders.keys()].map((spender) => allowance(state, owner, spender))),
    ...[...state.assets.keys()].flatMap((entry) => entryViews(entry, state)),
    ...WATCHED.flatMap((owner) => [tokens(state, owner), view('viewScore', [owner], state.scores.get(owner) ?? 0n)]),
  ];
}
