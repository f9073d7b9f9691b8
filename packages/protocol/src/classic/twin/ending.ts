import { invariant } from '@gleaner/primitives';
import { resultHash, resultSeal } from '../../ids.ts';
import { KITTY_ADDRESS } from '../constants.ts';
import { revealDeadline } from '../deadlines.ts';
import { type SettleView, settle } from '../settle.ts';
import { demandProof, isCallbackAllowed, taskAndDeal } from './contributing.ts';
import { applyMoney } from './escrow.ts';
import type { Applied, CallNamed } from './MarketCall.ts';
import { accountOf, type MarketState, scoreOf, type TaskRecord, withEntries, withTask } from './MarketState.ts';
import { demand } from './refuse.ts';

export function applyFinalize(state: MarketState, call: CallNamed<'finalize'>): Applied {
  const { task, deal } = taskAndDeal(state, call.taskId);
  demand(call.caller === deal.workerpool.owner && task.status === 'revealing');
  demand(call.now < task.finalDeadline);
  demand(task.revealCounter === task.winnerCounter || (task.revealCounter > 0n && call.now >= task.revealDeadline));
  demand(isCallbackAllowed(deal, task.resultDigest, call.resultsCallback));
  const { results, resultsCallback } = call;
  const contributions = task.contributors.map((worker) => {
    const contribution = task.contributions.get(worker);
    invariant(contribution !== undefined, 'Every contributor has a contribution', { worker });
    return { worker, proved: contribution.status === 'proved', weight: contribution.weight, score: scoreOf(state, worker) };
  });
  const paid = pay(state, call.taskId, deal, { kind: 'finalize', contributions });
  return {
    state: withTask(paid.state, call.taskId, { ...task, status: 'completed', results, resultsCallback }),
    events: [...paid.events, { name: 'TaskFinalize', args: { taskid: call.taskId, results } }],
  };
}

function pay(state: MarketState, taskId: SettleView['taskId'], deal: SettleView['deal'], ending: SettleView['ending']): Applied {
  const { events, scores } = settle({ hub: state.hub, taskId, deal, kitty: accountOf(state, KITTY_ADDRESS).locked, ending });
  const paid = applyMoney(state, events);
  return { state: { ...paid, scores: withEntries(paid.scores, scores) }, events };
}

export function applyContributeAndFinalize(state: MarketState, call: CallNamed<'contributeAndFinalize'>): Applied {
  const { taskId: id, caller, digest, results, resultsCallback } = call;
  const { task, deal } = taskAndDeal(state, id);
  demand(task.status === 'active' && call.now < task.contributionDeadline);
  demand(task.contributors.length === 0 && deal.trust === 1n);
  demand(isCallbackAllowed(deal, digest, resultsCallback));
  demandProof(state, deal, call);
  const hash = resultHash(id, digest);
  const paid = pay(state, id, deal, { kind: 'contributeAndFinalize', worker: caller });
  return {
    state: withTask(paid.state, id, completedAtOnce(task, call)),
    events: [
      ...paid.events,
      { name: 'TaskContribute', args: { taskid: id, worker: caller, hash } },
      { name: 'TaskConsensus', args: { taskid: id, consensus: hash } },
      { name: 'TaskReveal', args: { taskid: id, worker: caller, digest } },
      { name: 'TaskFinalize', args: { taskid: id, results } },
    ],
  };
}

function completedAtOnce(task: TaskRecord, call: CallNamed<'contributeAndFinalize'>): TaskRecord {
  const { taskId: id, caller, digest, results, resultsCallback, enclaveChallenge } = call;
  const hash = resultHash(id, digest);
  return {
    ...task,
    status: 'completed',
    consensusValue: hash,
    revealDeadline: revealDeadline(call.now, task.timeref),
    revealCounter: 1n,
    winnerCounter: 1n,
    resultDigest: digest,
    results,
    resultsCallback,
    contributors: [caller],
    contributions: new Map([
      [caller, { status: 'proved', resultHash: hash, resultSeal: resultSeal(caller, id, digest), enclaveChallenge, weight: 0n }],
    ]),
  };
}

export function applyClaim(state: MarketState, { taskId: id, now }: Pick<CallNamed<'claim'>, 'taskId' | 'now'>): Applied {
  const { task, deal } = taskAndDeal(state, id);
  demand((task.status === 'active' || task.status === 'revealing') && now >= task.finalDeadline);
  const paid = pay(state, id, deal, { kind: 'claim', contributors: task.contributors });
  return {
    state: withTask(paid.state, id, { ...task, status: 'failed' }),
    events: [...paid.events, { name: 'TaskClaimed', args: { taskid: id } }],
  };
}
