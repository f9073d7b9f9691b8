import type { Bytes32 } from '@gleaner/primitives';
import { addVote, consensusReached, workerWeight } from '../../classic/consensus.ts';
import { revealDeadline } from '../../classic/deadlines.ts';
import { locked, type TASK_EVENTS, type TaskEvent } from '../../hubEvents.ts';
import { resultHash, resultSeal } from '../../ids.ts';
import { decodeResultLink } from '../../resultLink.ts';
import { withoutPanic } from '../../uint256.ts';
import { checkSettlement } from './checkSettlement.ts';
import { directCall } from './directCall.ts';
import { areEvents, type HubLog } from './hubLogs.ts';
import { type Replay, startReplay, winnersOf } from './Replay.ts';
import { isTaskLog, logAfter, logsBefore, type RuleContext } from './RuleContext.ts';
import { checkCallback, checkContributionTime, takeScore, timesOf } from './replayChecks.ts';
import { isSoleWorker, replaySoleWorker } from './replaySoleWorker.ts';

type TaskEventName = (typeof TASK_EVENTS)[number];
type TaskLog<Name extends TaskEventName> = HubLog & { readonly event: Extract<TaskEvent, { name: Name }> };

/** Plays the events of the task by the rules of the market. Source: docs/receipt.md, section 4.3. */
export function replayTask(context: RuleContext): Replay {
  const replay = startReplay(context);
  const logs = context.logs.flat().filter((log) => isTaskLog(log, context));
  for (let at = 0; at < logs.length; at += 1) {
    const log = logs[at] as HubLog;
    if (isSoleWorker(context, log)) {
      replaySoleWorker(replay, log);
      at += 3;
    } else play(replay, log);
  }
  checkEnd(replay);
  return replay;
}

/** What each event does to the task. */
const PLAYERS: { readonly [Name in TaskEventName]: (replay: Replay, log: TaskLog<Name>) => void } = {
  TaskContribute: playContribute,
  TaskConsensus: playConsensus,
  TaskReveal: playReveal,
  TaskReopen: playReopen,
  TaskFinalize: playFinalize,
  TaskClaimed: playClaim,
};

function play(replay: Replay, log: HubLog): void {
  const player = PLAYERS[log.event.name as TaskEventName] as (replay: Replay, log: HubLog) => void;
  player(replay, log);
}

function expectStatus({ status, context }: Replay, { event }: HubLog, ...allowed: Replay['status'][]): boolean {
  return context.findings.expect('out-of-order', allowed.includes(status), `${event.name} cannot happen to a task that is ${status}`);
}

function playContribute(replay: Replay, log: TaskLog<'TaskContribute'>): void {
  const { context } = replay;
  const { findings, receipt, hub } = context;
  const { worker, hash } = log.event.args;
  if (!expectStatus(replay, log, 'active')) return;
  checkContributionTime(context, log);
  const isNew = replay.contributions.every((contribution) => contribution.worker !== worker);
  findings.expect('contribution-twice', isNew, `${worker} contributed twice`);
  const stake = areEvents(logsBefore(context, log, 2), locked(hub, worker, receipt.terms.workerStake));
  findings.expect('contribution-stake', stake, `${worker} did not lock ${receipt.terms.workerStake} nRLC with its contribution`);
  const call = directCall(context, log, 'contribute');
  if (call !== undefined) findings.expect('contribution-call', call.args[1] === hash, `The call of ${worker} has another result hash`);
  const score = takeScore(replay, worker);
  replay.contributions.push({ worker, hash, score, status: 'contributed', ...(call && { seal: call.args[2] }) });
  countVote(replay, log, score);
}

function countVote(replay: Replay, log: TaskLog<'TaskContribute'>, score: bigint): void {
  const { context, groups } = replay;
  const { hash } = log.event.args;
  const reached = withoutPanic(() => {
    const votes = addVote({ group: groups.get(hash) ?? 0n, total: replay.total }, workerWeight(score));
    groups.set(hash, votes.group);
    replay.total = votes.total;
    return consensusReached({ ...votes, trust: context.trust });
  });
  const next = logAfter(context, log);
  const follows = next !== undefined && next.event.name === 'TaskConsensus' && isTaskLog(next, context);
  const message = reached ? 'The consensus was reached here and not declared' : 'A consensus was declared before it was reached';
  context.findings.expect('consensus', reached === follows, message);
}

function playConsensus(replay: Replay, log: TaskLog<'TaskConsensus'>): void {
  const { context } = replay;
  if (!expectStatus(replay, log, 'active')) return;
  const last = logAfter(context, log, -1);
  const hash = last?.event.name === 'TaskContribute' && isTaskLog(last, context) ? last.event.args.hash : undefined;
  context.findings.expect('consensus', hash === log.event.args.consensus, 'The consensus is not the value of the contribution before it');
  replay.status = 'revealing';
  replay.consensusValue = log.event.args.consensus;
  replay.revealDeadline = withoutPanic(() => revealDeadline(log.now, context.receipt.terms.timeref)) ?? log.now;
}

function playReveal(replay: Replay, log: TaskLog<'TaskReveal'>): void {
  const { context } = replay;
  const { findings, taskId } = context;
  const { worker, digest } = log.event.args;
  if (!expectStatus(replay, log, 'revealing')) return;
  findings.expect(
    'reveal-late',
    log.now < replay.revealDeadline,
    `A reveal at ${log.now} came after the deadline ${replay.revealDeadline}`,
  );
  const winner = winnersOf(replay).find((contribution) => contribution.worker === worker && contribution.status === 'contributed');
  findings.expect('reveal-worker', winner !== undefined, `${worker} has no contribution to reveal`);
  findings.expect('reveal-digest', resultHash(taskId, digest) === replay.consensusValue, `Digest ${digest} is not what was agreed on`);
  const call = directCall(context, log, 'reveal');
  if (call !== undefined) findings.expect('reveal-call', call.args[1] === digest, `The call of ${worker} reveals another digest`);
  if (winner?.seal !== undefined) {
    findings.expect('reveal-call', winner.seal === resultSeal(worker, taskId, digest), `The seal of ${worker} is for another digest`);
  }
  if (winner !== undefined) winner.status = 'proved';
  replay.digest = digest;
}

function playReopen(replay: Replay, log: HubLog): void {
  const { context, groups } = replay;
  if (!expectStatus(replay, log, 'revealing')) return;
  const final = timesOf(context)?.final ?? 0n;
  const inTime = replay.revealDeadline <= log.now && log.now < final;
  context.findings.expect('reopen-time', inTime, `A reopening at ${log.now} is outside ${replay.revealDeadline} to ${final}`);
  const winners = winnersOf(replay);
  context.findings.expect(
    'reopen-revealed',
    winners.every(({ status }) => status === 'contributed'),
    'It was reopened after a reveal',
  );
  directCall(context, log, 'reopen');
  for (const winner of winners) winner.status = 'rejected';
  const value = replay.consensusValue as Bytes32;
  replay.total -= groups.get(value) ?? 0n;
  groups.set(value, 0n);
  replay.status = 'active';
  delete replay.consensusValue;
}

function playFinalize(replay: Replay, log: TaskLog<'TaskFinalize'>): void {
  const { context } = replay;
  if (!expectStatus(replay, log, 'revealing')) return;
  const winners = winnersOf(replay);
  const revealed = winners.filter(({ status }) => status === 'proved').length;
  const waited = revealed === winners.length || (revealed > 0 && log.now >= replay.revealDeadline);
  const inTime = log.now < (timesOf(context)?.final ?? 0n);
  context.findings.expect('finalize-time', waited && inTime, `A finalisation at ${log.now} came too early or too late`);
  const call = directCall(context, log, 'finalize');
  if (call !== undefined) {
    context.findings.expect('call-mismatch', call.args[1] === log.event.args.results, 'The call gives other results than the log');
    checkCallback(replay, call.args[2]);
  }
  replay.status = 'completed';
  replay.results = log.event.args.results;
  const contributions = replay.contributions.map(({ worker, status, score }) => ({ worker, proved: status === 'proved', score }));
  checkSettlement(context, log, { kind: 'finalize', contributions });
}

function playClaim(replay: Replay, log: HubLog): void {
  const { context } = replay;
  if (!expectStatus(replay, log, 'active', 'revealing')) return;
  const final = timesOf(context)?.final;
  context.findings.expect(
    'claim-time',
    final !== undefined && log.now >= final,
    `A claim at ${log.now} came before the final deadline ${final}`,
  );
  directCall(context, log, 'claim', 'claimArray', 'initializeAndClaimArray');
  replay.status = 'failed';
  checkSettlement(context, log, { kind: 'claim', contributors: replay.contributions.map(({ worker }) => worker) });
}

function checkEnd({ context, status, contributions, digest, results }: Replay): void {
  const { findings, receipt } = context;
  const ended = status === 'completed' || status === 'failed';
  findings.expect('ending-missing', ended, 'The task has not ended in these transactions');
  findings.expect('outcome', !ended || status === receipt.outcome, `The task is ${status}, the receipt says ${receipt.outcome}`);
  findings.expect(
    'scores',
    contributions.length === receipt.scores.length,
    `There are ${contributions.length} contributions and ${receipt.scores.length} scores`,
  );
  if (receipt.result === undefined || status !== 'completed') return;
  const cid = decodeResultLink(results ?? '0x') ?? '';
  findings.expect('result', receipt.result.digest === digest, `The digest that was revealed is ${digest}`);
  findings.expect('result', receipt.result.cid === cid, `The results on chain name ${cid === '' ? 'no content' : cid}`);
}
