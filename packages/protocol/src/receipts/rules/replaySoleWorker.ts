import type { HubEvent } from '../../hubEvents.ts';
import { resultHash } from '../../ids.ts';
import { checkSettlement } from './checkSettlement.ts';
import { directCall } from './directCall.ts';
import type { HubLog } from './hubLogs.ts';
import type { Replay } from './Replay.ts';
import { logAfter, type RuleContext } from './RuleContext.ts';
import { checkCallback, checkContributionTime, takeScore } from './replayChecks.ts';

const SEQUENCE = ['TaskContribute', 'TaskConsensus', 'TaskReveal', 'TaskFinalize'] as const;
type Named<Name extends HubEvent['name']> = Extract<HubEvent, { name: Name }>['args'];

/** The four consecutive logs of `contributeAndFinalize` begin here. */
export function isSoleWorker(context: RuleContext, log: HubLog): boolean {
  return SEQUENCE.every((name, step) => {
    const event = logAfter(context, log, step)?.event;
    return event?.name === name && 'taskid' in event.args && event.args.taskid === context.taskId;
  });
}

/** Contribution and payment in one call, for tasks that ask for no second worker. */
export function replaySoleWorker(replay: Replay, log: HubLog): void {
  const { context, contributions } = replay;
  const { findings, taskId, trust } = context;
  const [contributed, consensus, revealed, finalized] = argsOf(context, log);
  const open = replay.status === 'active';
  if (!findings.expect('out-of-order', open, `contributeAndFinalize cannot happen to a task that is ${replay.status}`)) return;
  findings.expect('sole-worker', contributions.length === 0 && trust === 1n, 'A task with several workers was finished by one alone');
  checkContributionTime(context, log);
  const score = takeScore(replay, contributed.worker);
  const hash = resultHash(taskId, revealed.digest);
  const agrees = contributed.hash === hash && consensus.consensus === hash && contributed.worker === revealed.worker;
  findings.expect('reveal-digest', agrees, `Digest ${revealed.digest} is not what was agreed on`);
  Object.assign(replay, { status: 'completed', digest: revealed.digest, results: finalized.results, consensusValue: contributed.hash });
  contributions.push({ worker: contributed.worker, hash: contributed.hash, score, status: 'proved' });
  const call = directCall(context, log, 'contributeAndFinalize');
  if (call !== undefined) {
    const [, digest, results, resultsCallback] = call.args;
    findings.expect('contribution-call', digest === revealed.digest, `The call of ${contributed.worker} has another digest`);
    findings.expect('call-mismatch', results === finalized.results, 'The call gives other results than the log');
    checkCallback(replay, resultsCallback);
  }
  checkSettlement(context, log, { kind: 'contributeAndFinalize', worker: contributed.worker });
}

type Sequence = [Named<'TaskContribute'>, Named<'TaskConsensus'>, Named<'TaskReveal'>, Named<'TaskFinalize'>];
const argsOf = (context: RuleContext, log: HubLog): Sequence =>
  SEQUENCE.map((_, step) => logAfter(context, log, step)?.event.args) as unknown as Sequence;
