import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, GleanerError, ZERO_ADDRESS } from '@gleaner/primitives';
import { workerWeight } from '@gleaner/protocol';
import { type Gleaner, workerpoolStatus } from '@gleaner/sdk';
import { isAddressEqual } from 'viem';
import type { Printer } from '../../output/printer.ts';
import { actAs } from '../actAs.ts';
import { offerEngine } from '../offerEngine.ts';
import { roundLines, roundTitle, settlementLines } from './liarLines.ts';
import { playRound, type Round } from './playRound.ts';
import { readSettlement, type Settlement } from './readSettlement.ts';
import type { Stage } from './Stage.ts';

/** Three fresh workers must agree, four when one lies. */
const TRUST = 5n;
/** Workers log in within a second or two of the start. */
const CONNECT_MS = 60_000;
const CONNECT_POLL_MS = 250;

export interface LiarReceipt {
  readonly liar: { readonly name: string; readonly address: Address };
  /** Without the task records. */
  readonly rounds: readonly Omit<Round, 'task'>[];
  /** The task in which the lie was counted. */
  readonly taskId: string;
  readonly status: string;
  readonly settlement: Settlement;
}

export interface LiarOptions {
  /** Tasks at most, those included by which the workers earn their first score. */
  readonly rounds: number;
  readonly printer: Printer;
  readonly signal: AbortSignal;
}

/**
 * Every worker earns a score, then tasks are bought until the liar has committed to its lie before the others agreed: its stake and score fall while
 * the task succeeds. Nobody's assignment is forced, so the lie may come too late, or the liar may not be asked.
 * @throws {GleanerError} timed-out when it was not in any round, invariant-broken when amounts do not add up, aborted
 */
export async function runLiarDemo(stage: Stage, options: LiarOptions): Promise<LiarReceipt> {
  const { network } = stage;
  const seller = actAs('appOwner', network, options.signal);
  const requester = actAs('requester', network, options.signal);
  try {
    const app = await offerEngine(seller);
    await whenConnected(requester, stage, options.signal);
    return await play(requester, stage, app, options);
  } finally {
    seller.close();
    requester.close();
  }
}

async function play(requester: Gleaner, stage: Stage, app: Address, { rounds: most, printer, signal }: LiarOptions): Promise<LiarReceipt> {
  const { workers, liar } = stage;
  const rounds: Round[] = [];
  for (let number = 1; number <= most; number += 1) {
    const scores = await requester.hub.viewScores(workers.map(({ address }) => address));
    const scoreOf = (address: Address) => scores[workers.findIndex((worker) => isAddressEqual(worker.address, address))] ?? 0n;
    const earning = workers.some((worker) => mayEarn(stage, worker.name) && scoreOf(worker.address) === 0n);
    const trust = earning && allAreHonest(stage, scoreOf(liar.address)) ? trustOfEveryone(scores) : TRUST;
    printer.line(roundTitle({ number, trust, earning }));
    const round = await playRound(requester, { number, app, trust, workers, signal });
    rounds.push(round);
    for (const line of roundLines(round, liar)) printer.line(line);
    const lied = round.votes.some(({ worker, agrees }) => isAddressEqual(worker, liar.address) && !agrees);
    if (earning || !lied) continue;
    const settlement = await readSettlement(requester, stage, round);
    for (const line of settlementLines(settlement, liar)) printer.line(line);
    return {
      liar: { name: liar.name, address: liar.address },
      rounds: rounds.map(({ task: _, ...told }) => told),
      taskId: round.taskId,
      status: round.task.status.toUpperCase(),
      settlement,
    };
  }
  throw new GleanerError(
    'timed-out',
    `In none of ${most} rounds did ${liar.name} commit to a lie before the others agreed; try --rounds ${most * 2}`,
    {
      details: { rounds: most, liar: liar.name },
    },
  );
}

/** Waits until the honest workers and the liar serve the pool. @throws {GleanerError} workers-too-few */
async function whenConnected(requester: Gleaner, { network, workers, liar }: Stage, signal: AbortSignal): Promise<void> {
  const needed = workers.filter(({ name, misbehaviour }) => misbehaviour === undefined || name === liar.name);
  const end = performance.now() + CONNECT_MS;
  for (;;) {
    const { workers: online } = await workerpoolStatus(requester, network.workerpool ?? ZERO_ADDRESS);
    const missing = needed.filter(({ address }) => !online.some(({ walletAddress }) => isAddressEqual(walletAddress, address)));
    if (missing.length === 0) return;
    if (performance.now() > end) {
      const names = missing.map(({ name }) => name);
      throw new GleanerError('workers-too-few', `Not connected to the workerpool: ${names.join(', ')}`, {
        details: { missing: names.join(', ') },
      });
    }
    await sleep(CONNECT_POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Honest workers, and a liar that works honestly at first. */
function mayEarn({ workers, liar }: Stage, name: string): boolean {
  if (name === liar.name) return liar.misbehaviour.fromScore > 0n;
  return workers.find((worker) => worker.name === name)?.misbehaviour === undefined;
}

/** So that all of them may be asked to agree. */
function allAreHonest({ workers, liar }: Stage, liarScore: bigint): boolean {
  return (
    liarScore < liar.misbehaviour.fromScore && workers.every(({ name, misbehaviour }) => name === liar.name || misbehaviour === undefined)
  );
}

/** The least trust that is not reached while any one of the workers is missing: what the others reach without the weakest of them, and one more. */
function trustOfEveryone(scores: readonly bigint[]): bigint {
  const weights = scores.map(workerWeight);
  const least = weights.reduce((min, weight) => (weight < min ? weight : min));
  return weights.reduce((product, weight) => product * weight, 1n) / least + 1n;
}
