import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address, TaskId } from '@gleaner/primitives';
import { KITTY_ADDRESS } from '@gleaner/protocol';
import type { TaskRecord } from '@gleaner/sdk';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeWasm } from '../src/clone.ts';
import { runGleaner } from '../src/runCommand.ts';
import { startDeal } from '../src/startDeal.ts';
import { startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import { expectCompleted, expectNothingTwice, poolTask, wealthOf, whenConnected, whenEnded } from '../src/taskEnds.ts';
import { until } from '../src/until.ts';

const HONEST = [1, 2, 3, 4];
const [LIAR, SILENT, CRASHING, COPIER, SLOW] = [5, 6, 7, 8, 9] as const;
const WORKERS = [...HONEST, LIAR, SILENT, CRASHING, COPIER, SLOW];
const MISBEHAVE = ['worker-5=wrong-result,worker-6=silent', 'worker-7=crash', 'worker-8=lazy-copier', 'worker-9=slow:4s'];
const TRUST = 5n;
const TASKS = 6;
/** The reveal deadline of the first category, after which those who revealed are paid without the others. */
const REVEAL_SEC = 2 * 300 + 1;
/** Without asking others beside them, silent workers would be waited for 600 s. */
const MAX_TO_CONSENSUS_SEC = 420;

let folder: ScratchFolder;
let net: TestNetwork;
beforeAll(() => {
  folder = createScratchFolder('liar');
});
afterAll(() => folder?.remove());

describe.runIf(process.env['GLEANER_DEEP'])('a network of every kind of cheat (in npm run test:deep)', () => {
  beforeAll(async () => {
    net = await startTestNetwork({ workers: WORKERS.length, misbehave: MISBEHAVE });
    await whenConnected(net, WORKERS.length);
  });
  afterAll(() => net?.close());

  test('`status` names who misbehaves', async () => {
    const { value } = await net.gleaner(['status']);
    const told = value.parts.flatMap(({ name, misbehaviour }: { name: string; misbehaviour?: string }) =>
      misbehaviour ? `${name}=${misbehaviour}` : [],
    );
    expect(told.sort()).toEqual(MISBEHAVE.flatMap((value) => value.split(',')).sort());
  });

  /**
   * A task whose first three workers are all silent, crashing or waiting to copy is asked of others after 300 s, which happens in
   * one bag of fourteen; and it goes on until chance has shown every worker something to do.
   */
  test('a bag among cheats: every task completes, cheats lose what they staked, honest workers lose nothing, and no amount comes from nowhere', async () => {
    const before = await wealthOfAll();
    const tasks: TaskRecord[] = [];
    const asked = new Set<number>();
    // Everybody is asked in the first bag, for it has more replicates than there are workers; only a lie may come too late.
    while (!isCaught(tasks) || !WORKERS.every((number) => asked.has(number))) {
      expect(tasks.length, `asked until now: ${[...asked]}`).toBeLessThan(8 * TASKS);
      const deal = await startDeal(net, { program: probeWasm, args: ['work', '10', `bag ${tasks.length}`], tasks: TASKS, trust: TRUST });
      await skipSilentReveals(deal.taskIds);
      tasks.push(...(await whenEnded(net, deal.taskIds)));
      for (const taskId of deal.taskIds) {
        for (const { walletAddress } of (await poolTask(net, taskId)).replicates)
          asked.add(Number(net.workerNamed(walletAddress).slice('worker-'.length)));
      }
    }
    expectCompleted(tasks);
    await expectNothingTwice(
      net,
      tasks.map(({ taskId }) => taskId),
    );
    const after = await wealthOfAll();
    const changeOf = (account: Address) => (after.get(account) ?? 0n) - (before.get(account) ?? 0n);
    const sum = [...after.keys()].reduce((total, account) => total + changeOf(account), 0n);
    expect(sum).toBe(0n);
    for (const number of WORKERS) {
      const { committed, proved, rewarded, seized } = accountsOf(number, tasks);
      const change = changeOf(net.workerAddress(number));
      const stake = (tasks[0] as TaskRecord).deal.workerStake;
      const lost = stake * BigInt(committed - proved);
      expect({ number, change, seized }).toEqual({ number, change: rewarded - seized, seized: lost });
      if ([...HONEST, SLOW].includes(number)) expect({ number, lost }).toEqual({ number, lost: 0n });
      if (number === LIAR || number === COPIER) expect({ number, proved, fell: change < 0n }).toEqual({ number, proved: 0, fell: true });
      if (number === SILENT || number === CRASHING) expect({ number, committed, change }).toEqual({ number, committed: 0, change: 0n });
    }
    expect(net.part(`worker-${CRASHING}`).restarts).toBeGreaterThan(0);
    expectBounded(tasks);
  }, 1_800_000);
});

test('a worker that does not exist is refused before anything starts', async () => {
  const dataDir = join(folder.path, 'none');
  const { exitCode, value } = await runGleaner(['--data', dataDir, 'up', '--workers', '8', '--misbehave', 'worker-9=silent']);
  expect({ exitCode, value }).toMatchObject({ exitCode: 2, value: { code: 'bad-request', money: 'untouched' } });
  expect(value.error).toContain('worker-9=silent');
  expect(existsSync(dataDir)).toBe(false);
});

test('`gleaner demo` lists what there is', async () => {
  expect((await runGleaner(['demo'])).value).toMatchObject({ ok: true, demos: [{ name: 'liar' }] });
});

test('`gleaner demo liar` on a network of its own: the liar loses stake and score, the task succeeds, all amounts add up, and nothing is left', async () => {
  const temporary = join(folder.path, 'tmp');
  await mkdir(temporary);
  const { exitCode, value, stderr } = await runGleaner(['--data', join(folder.path, 'none'), 'demo', 'liar'], {
    env: { TMPDIR: temporary },
    timeoutMs: 220_000,
  });
  expect({ exitCode, value, stderr }).toMatchObject({ exitCode: 0, value: { ok: true, ownNetwork: true, status: 'COMPLETED' } });
  expectStory(value);
  expect(await readdir(temporary)).toEqual([]);
});

/** The liar and the copier have committed to something in one of these tasks. */
function isCaught(tasks: readonly TaskRecord[]): boolean {
  return [LIAR, COPIER].every((number) => accountsOf(number, tasks).committed > 0);
}

/** What one worker did in these tasks and got for it, as the chain tells. */
function accountsOf(number: number, tasks: readonly TaskRecord[]) {
  const worker = net.workerAddress(number);
  const contributions = tasks.flatMap((task) => task.contributions.filter((contribution) => contribution.worker === worker));
  const payouts = tasks.flatMap((task) => task.payouts.filter(({ account }) => account === worker));
  return {
    committed: contributions.length,
    proved: contributions.filter(({ status }) => status === 'proved').length,
    rewarded: payouts.reduce((total, { rewarded }) => total + rewarded, 0n),
    seized: payouts.reduce((total, { seized }) => total + seized, 0n),
  };
}

/** Waits until every task has its consensus and all who can reveal have, then moves the clock past the reveal deadline for those that wait for a copier. */
async function skipSilentReveals(taskIds: readonly TaskId[]): Promise<void> {
  const { hub } = net.as('requester');
  const copier = net.workerAddress(COPIER);
  const waits = await until(
    'The consensus of every task',
    async () => {
      const open = (await hub.viewTasks(taskIds)).filter(({ status }) => status !== 'completed');
      const isStuck = ({ status, revealCounter, winnerCounter, contributors }: (typeof open)[number]) =>
        status === 'revealing' && revealCounter > 0n && revealCounter === winnerCounter - 1n && contributors.includes(copier);
      return open.every(isStuck) ? { count: open.length } : undefined;
    },
    { timeoutMs: 1_000 * MAX_TO_CONSENSUS_SEC, everyMs: 200 },
  );
  if (waits.count > 0) await net.skipTime(REVEAL_SEC);
}

/** Wallet and escrow of everybody. */
async function wealthOfAll(): Promise<Map<Address, bigint>> {
  const roles = Object.values(net.network.accounts).map(({ address }) => address);
  const accounts = [...roles, ...WORKERS.map((number) => net.workerAddress(number)), KITTY_ADDRESS];
  const wealth = await Promise.all(accounts.map((account) => wealthOf(net, account)));
  return new Map(accounts.map((account, index) => [account, wealth[index] ?? 0n]));
}

/** Nobody is waited for until he is overdue: the longest way to a consensus is printed. */
function expectBounded(tasks: readonly TaskRecord[]): void {
  const seconds = tasks.map(({ times }) => (times.consensus ?? 0) - times.matched);
  const longest = Math.max(...seconds);
  console.log(`from deal to consensus among cheats: ${Math.min(...seconds)} to ${longest} s in ${tasks.length} tasks`);
  expect(longest).toBeLessThan(MAX_TO_CONSENSUS_SEC);
}

interface Story {
  readonly liar: { readonly name: string };
  readonly taskId: TaskId;
  readonly rounds: readonly { readonly taskId: TaskId; readonly votes: readonly { readonly name: string; readonly agrees: boolean }[] }[];
  readonly settlement: {
    readonly workers: readonly Record<
      'name' | 'verdict' | 'stakeBefore' | 'stakeAfter' | 'scoreBefore' | 'scoreAfter' | 'rewarded' | 'seized',
      string
    >[];
    readonly accounts: readonly { readonly change: string }[];
    readonly sums: Readonly<Record<'price' | 'seized' | 'kitty' | 'paidOut' | 'changes', string>>;
  };
}

function expectStory({ liar, taskId, rounds, settlement }: Story): void {
  const last = rounds.at(-1);
  expect(last?.taskId).toBe(taskId);
  expect(last?.votes.filter(({ agrees }) => agrees)).toHaveLength(4);
  expect(last?.votes.filter(({ agrees }) => !agrees).map(({ name }) => name)).toEqual([liar.name]);
  for (const { votes } of rounds.slice(0, -1)) expect(votes.every(({ agrees }) => agrees)).toBe(true);
  for (const worker of settlement.workers) {
    const [stakeBefore, stakeAfter, scoreBefore, scoreAfter] = [
      worker.stakeBefore,
      worker.stakeAfter,
      worker.scoreBefore,
      worker.scoreAfter,
    ].map(BigInt) as [bigint, bigint, bigint, bigint];
    expect(scoreBefore).toBeGreaterThan(0n);
    expect(stakeAfter - stakeBefore).toBe(BigInt(worker.rewarded) - BigInt(worker.seized));
    const lied = worker.name === liar.name;
    expect(worker.verdict).toBe(lied ? 'lied' : 'agreed');
    expect(scoreAfter).toBe(lied ? (scoreBefore * 2n) / 3n : scoreBefore + 1n);
    if (lied) expect(stakeAfter).toBeLessThan(stakeBefore);
    else expect(stakeAfter).toBeGreaterThan(stakeBefore);
  }
  const { price, seized, kitty, paidOut, changes } = settlement.sums;
  expect(BigInt(seized)).toBeGreaterThan(0n);
  expect(BigInt(paidOut)).toBe(BigInt(price) + BigInt(seized) + BigInt(kitty));
  expect(settlement.accounts.reduce((total, { change }) => total + BigInt(change), 0n)).toBe(0n);
  expect(changes).toBe('0');
}
