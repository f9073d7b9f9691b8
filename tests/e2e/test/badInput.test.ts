import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort, status } from '@gleaner/localnet';
import { isGleanerError, type ReasonCode } from '@gleaner/primitives';
import { type AccountRecord, getAccount, getTask } from '@gleaner/sdk';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeBadFiles } from '../src/badFiles.ts';
import { goMoveWasm, launcher, probeWasm } from '../src/clone.ts';
import { dealPastChecks, FAILING_RUNS, runFailing } from '../src/failingRuns.ts';
import { expectRefusal } from '../src/refusal.ts';
import { type CommandResult, runGleaner, runNode } from '../src/runCommand.ts';
import { createShortCategory, whenOffered } from '../src/shortCategory.ts';
import { type Role, startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import { expectNothingTwice, poolTask, readHistory, wealthOf, whenConnected, whenEnded } from '../src/taskEnds.ts';
import { until } from '../src/until.ts';

const WORKERS = 5;
/** 1 − 2^−5: what five fresh workers reach. */
const REACHABLE = '0.96875';
/** Seconds; slow workers have seven times this to fail, and after ten times this, which the test does not wait for, there is a refund. */
const TIMEREF = { short: 10, slow: 20 } as const;
/** A refusal that takes longer hangs. */
const PATIENCE = { timeoutMs: 90_000 } as const;
/** Of the refusals with the same reason code, and of those that the check of programs is tested for by itself, all only then. */
const deep = process.env['GLEANER_DEEP'] !== undefined;
const CHECKED_ELSEWHERE: readonly ReasonCode[] = ['program-invalid', 'program-unsupported-feature', 'program-unknown-import'];
const UNKNOWN_ID = `0x${'11'.repeat(32)}`;
const UNKNOWN_ADDRESS = '0x0000000000000000000000000000000000000001';

/** Reason, what is wrong, and the arguments that are refused with it. */
type Refusal = readonly [ReasonCode, string, readonly string[]];

let folder: ScratchFolder;
let net: TestNetwork;
/** What `gleaner run` of the programs that fail came to, long after the refusals are tested. */
let failing: Promise<ReadonlyMap<string, CommandResult>>;
let pastChecks: ReturnType<typeof dealPastChecks>;
let before: ReadonlyMap<Role, AccountRecord>;
const file = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  folder = createScratchFolder('bad-input');
  await writeBadFiles(folder.path);
  net = await startTestNetwork({ workers: WORKERS });
  await whenConnected(net, WORKERS);
  before = await readAccounts(['requester', 'datasetOwner', 'stranger', 'appOwner', 'hubOwner']);
  const short = await createShortCategory(net, TIMEREF.short);
  const slow = await createShortCategory(net, TIMEREF.slow);
  const offered = whenOffered(net, slow);
  failing = offered.then(() => runFailing(net, { short, slow }, file));
  pastChecks = offered.then(() => dealPastChecks(net, slow, file('garbage.wasm')));
  for (const started of [failing, pastChecks]) started.catch(() => undefined);
});
afterAll(async () => {
  await net?.close();
  await folder?.remove();
});

describe('refused before money is locked', () => {
  describe.concurrent(deep ? 'by its reason' : 'by its reason, one of each (all in npm run test:deep)', () => {
    test.for(
      oneOfEach([
        ['program-unknown-type', 'a file that is no program', ['@text.txt']],
        ['program-not-wasm', 'garbage', ['@garbage.wasm']],
        ['program-invalid', 'a truncated module', ['@truncated.wasm']],
        ['program-unsupported-feature', 'threads', ['@threads.wasm']],
        ['program-unknown-import', 'an unknown import', ['@import.wasm']],
        ['program-too-large', 'a module over 32 MiB', ['@large.wasm']],
        ['program-not-found', 'a missing program', ['@absent.wasm']],
        ['resource-not-deployed', 'an address without app', [UNKNOWN_ADDRESS]],
        ['input-missing', 'a missing input', [probeWasm, '--input', '@text.txt', '--input', '@absent.txt']],
        ['content-too-large', 'an input of 3 GiB', [probeWasm, '--input', '@huge.bin']],
        ['price-above-maximum', 'a price above the maximum', [probeWasm, '--max-price', '0.999999999']],
        ['balance-too-low', 'an account with gas and no RLC', [probeWasm, '--as', 'stranger']],
        ['category-unknown', 'an unknown category', [probeWasm, '--category', '200']],
        ['bad-request', 'a bag of nothing', [probeWasm, '--tasks', '0']],
        ['bad-request', 'certainty', [probeWasm, '--confidence', '1']],
        ['bad-request', 'a negative price', [probeWasm, '--max-price=-1']],
        ['bad-request', 'a pool that is no address', [probeWasm, '--workerpool', 'best']],
        ['bad-request', 'an unknown option', [probeWasm, '--free']],
        ['key-not-found', 'an account that is none', [probeWasm, '--as', 'nobody']],
      ]),
    )('%s: %s', async ([code, , args]) => {
      expectRefusal(await run(...args), code);
    });

    test.for(
      oneOfEach([
        ['bad-request', 'no command', []],
        ['bad-request', 'an amount that is no number', ['account', 'deposit', 'all']],
        ['bad-request', 'an id that is none', ['task', 'show', '0x12']],
        ['task-not-found', 'an unknown task', ['task', 'show', UNKNOWN_ID]],
        ['task-not-found', 'the result of an unknown task', ['task', 'result', UNKNOWN_ID]],
        ['deal-not-found', 'an unknown deal', ['deal', 'show', UNKNOWN_ID]],
        ['balance-too-low', 'more than the escrow holds', ['account', 'withdraw', '1', '--as', 'stranger']],
      ]),
    )('%s: %s', async ([code, , args]) => {
      expectRefusal(await net.gleaner(args, PATIENCE), code);
    });

    // The second is above the trust of every offer in the book.
    test.for([
      ['0.9999', 14],
      ['0.999999999', 30],
    ] as const)(
      'confidence-unreachable: %s needs %i workers, and the message says so and what is reachable',
      async ([confidence, needed]) => {
        const { error, details } = expectRefusal(await run(probeWasm, '--confidence', confidence), 'confidence-unreachable');
        expect(details).toMatchObject({ workersNeeded: needed, workersOnline: WORKERS, reachableConfidence: Number(REACHABLE) });
        for (const figure of [`${needed} agreeing`, `${WORKERS} are connected`, REACHABLE]) expect(error).toContain(figure);
      },
    );

    test('without --json people read message, advice and code, and no stack trace', async () => {
      const args = ['--data', net.dataDir, 'run', probeWasm, '--max-price', '0.5', '--yes'];
      const { exitCode, stdout, stderr } = await runNode(launcher, args, PATIENCE);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/^The cheapest offer .*\n {2}Raise --max-price .*\n {2}\(price-above-maximum\)\n$/);
    });
  });

  test('and neither money nor gas was spent on it', async () => {
    const accounts = ['datasetOwner', 'stranger'] as const;
    expect([...(await readAccounts(accounts)).values()]).toEqual(accounts.map((role) => before.get(role)));
  });
});

test('trust 1 and 2 are quoted as one worker, unchecked', async () => {
  const [json, text] = await Promise.all([
    net.gleaner(['run', goMoveWasm, '--trust', '1', '--quote-only'], PATIENCE),
    runNode(launcher, ['--data', net.dataDir, 'run', goMoveWasm, '--trust', '2', '--quote-only'], PATIENCE),
  ]);
  expect(json).toMatchObject({ exitCode: 0, value: { ok: true, quote: { trust: '1', unchecked: true, workersNeeded: 1 } } });
  expect(text.stdout).toContain('one worker, unchecked (trust 2)');
});

describe.concurrent('networks and folders that cannot be used', () => {
  test('network-not-running: nothing was ever started in the folder', async () => {
    expectRefusal(await runGleaner(['--data', file('absent'), 'run', probeWasm, '--yes'], PATIENCE), 'network-not-running');
  });

  test('network-already-running: a second start on the same folder leaves the first alone', async () => {
    expectRefusal(await net.gleaner(['up'], PATIENCE), 'network-already-running');
    expect((await status(net.dataDir)).state).toBe('ready');
  });

  test('data-unreadable: a folder that is a file, is below one, or may not be entered', async () => {
    await mkdir(file('closed'));
    await chmod(file('closed'), 0o000);
    // Root may enter every folder.
    const closed = process.getuid?.() === 0 ? [] : [file('closed')];
    for (const data of [join(file('text.txt'), 'below'), ...closed]) {
      expectRefusal(await runGleaner(['--data', data, 'up'], PATIENCE), 'data-unreadable');
    }
    expectRefusal(await runGleaner(['--data', file('text.txt'), 'run', probeWasm, '--yes'], PATIENCE), 'data-unreadable');
  });

  test('data-corrupt: a network.json that is torn', async () => {
    await mkdir(file('torn'));
    const whole = await readFile(join(net.dataDir, 'network.json'), 'utf8');
    await writeFile(join(file('torn'), 'network.json'), whole.slice(0, 300));
    expectRefusal(await runGleaner(['--data', file('torn'), 'account', 'show'], PATIENCE), 'data-corrupt');
  });

  test.for<readonly [ReasonCode, string]>([
    ['scheduler-unreachable', 'compassURL'],
    ['service-unreachable', 'iexecGatewayURL'],
    ['chain-unreachable', 'rpcUrl'],
  ])('%s: nothing answers at %s', async ([code, name]) => {
    const dead = `http://127.0.0.1:${await findFreePort()}`;
    const { services, ...network } = net.network;
    const changed = name === 'rpcUrl' ? { ...network, services, rpcUrl: dead } : { ...network, services: { ...services, [name]: dead } };
    await mkdir(file(name));
    await writeFile(join(file(name), 'network.json'), JSON.stringify(changed));
    expectRefusal(await runGleaner(['--data', file(name), 'run', probeWasm, '--yes'], PATIENCE), code);
  });
});

describe('programs that fail on the workers', () => {
  /** Of all their tasks, in seconds; the clock of the chain is moved there. */
  let lastDeadline: number;

  test('the pool names the reason of each, and nobody contributes', async () => {
    const others = new Map((await pastChecks).map(({ taskId, codes }) => [taskId, codes]));
    const taskIds = await until('The start of all tasks', async () => {
      const known = [...(await readHistory(net)).keys()].filter((taskId) => !others.has(taskId));
      return known.length === FAILING_RUNS.length && known;
    });
    const codes = await Promise.all(taskIds.map(async (taskId) => (await whenGivenUp(taskId)).code));
    expect(codes.sort()).toEqual(FAILING_RUNS.map(({ code }) => code).sort());
    for (const [taskId, expected] of others) expect(expected).toContain((await whenGivenUp(taskId)).code);
    const { hub, chain } = net.as('requester');
    const tasks = await hub.viewTasks([...taskIds, ...others.keys()]);
    expect(tasks.flatMap(({ contributors }) => contributors)).toEqual([]);
    lastDeadline = Math.max(...tasks.map(({ finalDeadline }) => Number(finalDeadline)));
    await net.skipTime(lastDeadline - Number((await chain.head()).timestamp));
  });

  test.for(FAILING_RUNS)(
    '$what ends `gleaner run` with $code, exit code 3 and a refund that nobody asked for',
    async ({ what, code, category }) => {
      const { exitCode, value, stdout, stderr } = (await failing).get(what) as CommandResult;
      expect({ exitCode, stderr, status: value?.status }, stdout).toEqual({ exitCode: 3, stderr: '', status: 'FAILED' });
      const [task] = value.tasks;
      expect(task).toMatchObject({ status: 'FAILED', contributions: [], reason: { code } });
      // It was given up because it failed, long before its time for contributions was over.
      expect(task.stagesMs.refunding).toBeLessThan(5 * TIMEREF[category] * 1000);
      const { times } = await getTask(net.as('requester'), task.taskId);
      expect(Number(times.ended)).toBeGreaterThanOrEqual(times.finalDeadline);
      expect(Number(times.ended) - lastDeadline).toBeLessThan(20);
    },
  );

  test('`gleaner task show` says why, afterwards too', async () => {
    const { value } = (await failing).get('endless recursion') as CommandResult;
    const shown = await net.gleaner(['task', 'show', value.tasks[0].taskId], PATIENCE);
    expect(shown).toMatchObject({ exitCode: 0, value: { task: { status: 'FAILED', reason: { code: 'stack-exhausted' } } } });
  });

  test('what a client sends past the checks is refunded too, and every payer has the exact amount back', async () => {
    await failing;
    const taskIds = (await pastChecks).map(({ taskId }) => taskId);
    for (const { status } of await whenEnded(net, taskIds)) expect(status).toBe('failed');
    await expectNothingTwice(net, [...(await readHistory(net)).keys()]);
    for (const role of ['requester', 'appOwner', 'hubOwner'] as const) {
      const had = before.get(role) as AccountRecord;
      expect(await wealthOf(net, had.address), role).toBe(had.wallet + had.escrowFree);
      expect((await getAccount(net.as('requester'), had.address)).escrowLocked, role).toBe(0n);
    }
  });

  test('all workers still serve: an honest run that needs every one of them completes', async () => {
    const args = ['--trust', `${2 ** WORKERS}`, '--yes', '--', '--size', '5', '--playouts', '20'];
    const { exitCode, value, stdout } = await net.gleaner(['run', goMoveWasm, ...args]);
    expect({ exitCode, status: value?.status }, stdout).toEqual({ exitCode: 0, status: 'COMPLETED' });
    expect(value.tasks[0].contributions).toHaveLength(WORKERS);
    expect(net.parts().filter(({ restarts }) => restarts > 0)).toEqual([]);
  });
});

test('chain-replaced: a network whose chain was exchanged does not start, and leaves nothing running', async () => {
  await net.stop();
  await rm(join(net.dataDir, 'chain'), { recursive: true });
  const refusal = await net.up().catch((error: unknown) => error);
  expect(isGleanerError(refusal) && refusal.code).toBe('chain-replaced');
  await net.stop();
  expect(await status(net.dataDir)).toMatchObject({ state: 'stopped', orphans: [] });
});

/** The first refusal with each reason code, unless deep. */
function oneOfEach(refusals: readonly Refusal[]): readonly Refusal[] {
  const isFirst = ([code]: Refusal, at: number) => refusals.findIndex(([other]) => other === code) === at;
  return deep ? refusals : refusals.filter((refusal, at) => isFirst(refusal, at) && !CHECKED_ELSEWHERE.includes(refusal[0]));
}

/** `gleaner run` of an account that makes no deal in these tests; `@name` is a file of the test's own. */
function run(...args: readonly string[]): Promise<CommandResult> {
  const as = args.includes('--as') ? [] : ['--as', 'datasetOwner'];
  return net.gleaner(['run', ...args.map((arg) => (arg.startsWith('@') ? file(arg.slice(1)) : arg)), ...as, '--yes'], PATIENCE);
}

function whenGivenUp(taskId: Parameters<typeof poolTask>[1]) {
  return until('A reason', async () => (await poolTask(net, taskId)).reason, { everyMs: 200, timeoutMs: 120_000 });
}

async function readAccounts(roles: readonly Role[]): Promise<ReadonlyMap<Role, AccountRecord>> {
  const gleaner = net.as('requester');
  return new Map(await Promise.all(roles.map(async (role) => [role, await getAccount(gleaner, net.address(role))] as const)));
}
