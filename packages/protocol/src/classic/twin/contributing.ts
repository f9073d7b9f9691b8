import {
  type Address,
  type Bytes32,
  type Hex,
  invariant,
  type TaskId,
  type UnixSeconds,
  ZERO_ADDRESS,
  ZERO_BYTES32,
} from '@gleaner/primitives';
import { keccak256 } from 'viem';
import type { HubEvent } from '../../hubEvents.ts';
import { resultHash, resultSeal, taskId } from '../../ids.ts';
import type { Deal } from '../../orders/MatchView.ts';
import { isTeeTag } from '../../tags.ts';
import { addVote, consensusReached, logWeight, workerWeight } from '../consensus.ts';
import { deadlines, revealDeadline } from '../deadlines.ts';
import { lockFunds } from './escrow.ts';
import type { Applied, CallNamed } from './MarketCall.ts';
import { type ContributionRecord, type MarketState, scoreOf, type TaskRecord, withEntries, withTask } from './MarketState.ts';
import { demand } from './refuse.ts';
import { isSignedBy } from './signedBy.ts';

const BEGINNING = 0n as UnixSeconds;

export function applyInitialize(state: MarketState, { dealId, index }: { dealId: TaskRecord['dealId']; index: bigint }): Applied {
  const deal = state.deals.get(dealId);
  demand(deal !== undefined && index >= deal.botFirst && index < deal.botFirst + deal.botSize);
  const id = taskId(dealId, index);
  demand(!state.tasks.has(id));
  const timeref = state.categories[Number(deal.category)]?.workClockTimeRef ?? 0n;
  const { contribution, final } = deadlines({ startTime: deal.startTime, timeref });
  const task: TaskRecord = {
    status: 'active',
    dealId,
    index,
    timeref,
    contributionDeadline: contribution,
    revealDeadline: BEGINNING,
    finalDeadline: final,
    consensusValue: ZERO_BYTES32,
    revealCounter: 0n,
    winnerCounter: 0n,
    contributors: [],
    resultDigest: ZERO_BYTES32,
    results: '0x',
    resultsCallback: '0x',
    contributions: new Map(),
    groups: new Map(),
    total: 1n,
  };
  return {
    state: withTask(state, id, task),
    events: [{ name: 'TaskInitialize', args: { taskid: id, workerpool: deal.workerpool.pointer } }],
  };
}

/** The task and its deal; a task that was never initialised refuses every call without a reason. */
export function taskAndDeal(state: MarketState, id: TaskId): { readonly task: TaskRecord; readonly deal: Deal } {
  const task = state.tasks.get(id);
  demand(task !== undefined);
  const deal = state.deals.get(task.dealId);
  invariant(deal !== undefined, 'A task always has its deal', { task: id });
  return { task, deal };
}

type Proof = Pick<CallNamed<'contribute'>, 'caller' | 'enclaveChallenge' | 'enclaveSign' | 'authorizationSign'>;

/** The deal's tag asks for an enclave or not; scheduler or broker let the worker in; the enclave vouches for the result. */
export function demandProof({ teeBroker }: MarketState, deal: Deal, proof: Proof): void {
  const { enclaveChallenge } = proof;
  const enclaved = enclaveChallenge !== ZERO_ADDRESS;
  demand(enclaved || !isTeeTag(deal.tag));
  const authority = enclaved && teeBroker !== ZERO_ADDRESS ? teeBroker : deal.workerpool.owner;
  demand(isSignedBy(authority, proof.authorizationSign));
  demand(!enclaved || isSignedBy(enclaveChallenge, proof.enclaveSign));
}

export function applyContribute(state: MarketState, call: CallNamed<'contribute'>): Applied {
  const { task, deal } = taskAndDeal(state, call.taskId);
  demand(task.status === 'active' && call.now < task.contributionDeadline && !task.contributions.has(call.caller));
  demandProof(state, deal, call);
  const staked = lockFunds(state, call.caller, deal.workerStake);
  const counted = countVote(task, call, scoreOf(state, call.caller));
  const event: HubEvent = { name: 'TaskContribute', args: { taskid: call.taskId, worker: call.caller, hash: call.resultHash } };
  const reached = consensusReached({ group: counted.groups.get(call.resultHash) ?? 0n, total: counted.total, trust: deal.trust });
  return {
    state: withTask(staked.state, call.taskId, reached ? startReveal(counted, call) : counted),
    events: [
      ...staked.events,
      event,
      ...(reached ? [{ name: 'TaskConsensus', args: { taskid: call.taskId, consensus: call.resultHash } } as const] : []),
    ],
  };
}

function countVote(task: TaskRecord, call: CallNamed<'contribute'>, score: bigint): TaskRecord {
  const contribution: ContributionRecord = {
    status: 'contributed',
    resultHash: call.resultHash,
    resultSeal: call.resultSeal,
    enclaveChallenge: call.enclaveChallenge,
    weight: logWeight(score),
  };
  const votes = addVote({ group: task.groups.get(call.resultHash) ?? 0n, total: task.total }, workerWeight(score));
  return {
    ...task,
    contributors: [...task.contributors, call.caller],
    contributions: withEntries(task.contributions, [[call.caller, contribution]]),
    groups: withEntries(task.groups, [[call.resultHash, votes.group]]),
    total: votes.total,
  };
}

function startReveal(task: TaskRecord, { resultHash: consensusValue, now }: CallNamed<'contribute'>): TaskRecord {
  const winners = [...task.contributions.values()].filter(
    (contribution) => contribution.resultHash === consensusValue && contribution.status === 'contributed',
  );
  return {
    ...task,
    status: 'revealing',
    consensusValue,
    revealDeadline: revealDeadline(now, task.timeref),
    revealCounter: 0n,
    winnerCounter: BigInt(winners.length),
  };
}

export function applyReveal(state: MarketState, { taskId: id, digest, caller, now }: CallNamed<'reveal'>): Applied {
  const { task } = taskAndDeal(state, id);
  demand(task.status === 'revealing' && now < task.revealDeadline);
  const contribution = task.contributions.get(caller);
  demand(contribution !== undefined && contribution.status === 'contributed');
  demand(contribution.resultHash === task.consensusValue && contribution.resultHash === resultHash(id, digest));
  demand(contribution.resultSeal === resultSeal(caller, id, digest));
  const revealed: TaskRecord = {
    ...task,
    contributions: withEntries(task.contributions, [[caller, { ...contribution, status: 'proved' }]]),
    revealCounter: task.revealCounter + 1n,
    resultDigest: digest,
  };
  return { state: withTask(state, id, revealed), events: [{ name: 'TaskReveal', args: { taskid: id, worker: caller, digest } }] };
}

export function applyReopen(state: MarketState, { taskId: id, caller, now }: CallNamed<'reopen'>): Applied {
  const { task, deal } = taskAndDeal(state, id);
  demand(caller === deal.workerpool.owner && task.status === 'revealing');
  demand(now < task.finalDeadline && now >= task.revealDeadline && task.revealCounter === 0n);
  const rejected = [...task.contributions].filter(([, { resultHash: hash }]) => hash === task.consensusValue);
  const reopened: TaskRecord = {
    ...task,
    status: 'active',
    contributions: withEntries(
      task.contributions,
      rejected.map(([worker, contribution]): [Address, ContributionRecord] => [worker, { ...contribution, status: 'rejected' }]),
    ),
    total: task.total - (task.groups.get(task.consensusValue) ?? 0n),
    groups: withEntries(task.groups, [[task.consensusValue, 0n]]),
    consensusValue: ZERO_BYTES32,
    revealDeadline: BEGINNING,
    winnerCounter: 0n,
  };
  return { state: withTask(state, id, reopened), events: [{ name: 'TaskReopen', args: { taskid: id } }] };
}

/** Without a callback nothing may be passed to it; otherwise the bytes must hash to the digest. */
export function isCallbackAllowed(deal: Deal, digest: Bytes32, resultsCallback: Hex): boolean {
  return (deal.callback === ZERO_ADDRESS && resultsCallback === '0x') || keccak256(resultsCallback) === digest;
}
