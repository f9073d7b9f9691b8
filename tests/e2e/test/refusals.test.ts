import { chmod, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { findFreePort, status } from '@gleaner/localnet';
import { isGleanerError, type ReasonCode, type TaskId } from '@gleaner/primitives';
import { type AccountRecord, getAccount, getTask, type TaskRecord } from '@gleaner/sdk';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goMoveWasm, launcher, probeWasm } from '../src/clone.ts';
import { claimsAsComputed, endlessRecursion, sharedMemory, tooLarge, unknownImport } from '../src/hostilePrograms.ts';
import { type CommandResult, runGleaner, runNode } from '../src/runCommand.ts';
import { createShortCategory, whenOffered } from '../src/shortCategory.ts';
import { type Role, startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import { poolTask, readHistory, whenConnected } from '../src/taskEnds.ts';
import { until } from '../src/until.ts';

const WORKERS = 5;
/** Price of a task of the development pool, nRLC. */
const PRICE = 1_000_000_000n;
/** Seconds; a task that fails is refunded after ten times this. */
const TIMEREF = 5;
/** A refusal that takes longer hangs. */
const PATIENCE = { timeoutMs: 60_000 } as const;
const UNKNOWN_ID = `0x${'11'.repeat(32)}`;
const UNKNOWN_ADDRESS = '0x0000000000000000000000000000000000000001';

/** Programs that pass every check before the deal and fail on the workers. */
const FAILING: readonly { what: string; code: ReasonCode; by: Role; program: string; args: readonly string[] }[] = [
  { what: 'an endless loop', code: 'fuel-exhausted', by: 'appOwner', program: probeWasm, args: ['spin'] },
  { what: 'a memory bomb', code: 'memory-exceeded', by: 'datasetOwner', program: probeWasm, args: ['fill-memory'] },
  { what: 'an output flood', code: 'output-too-large', by: 'hubOwner', program: probeWasm, args: ['flood-output'] },
  { what: 'an exit code other than 0', code: 'program-exit-code', by: 'appOwner', program: probeWasm, args: ['fail'] },
  { what: 'endless recursion', code: 'stack-exhausted', by: 'datasetOwner', program: 'recursion.wasm', args: [] },
  { what: 'a wrong computed.json', code: 'result-invalid', by: 'hubOwner', program: 'computed.wasm', args: [] },
];

let folder: ScratchFolder;
let net: TestNetwork;
/** By program: what `gleaner run` of it came to, long after the refusals are tested. */
let failing: Promise<ReadonlyMap<string, CommandResult>>;
let before: ReadonlyMap<Role, AccountRecord>;
const file = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  folder = createScratchFolder('refusals');
  await writeFiles();
  net = await startTestNetwork({ workers: WORKERS });
  await whenConnected(net, WORKERS);
  failing = runFailing(await createShortCategory(net, TIMEREF));
  failing.catch(() => undefined);
  before = await readAccounts(['requester', 'stranger']);
});
afterAll(async () => {
  await net?.close();
  await folder?.remove();
});

describe('refused before money is locked', () => {
  describe.concurrent('by its reason', () => {
    test.for<readonly [ReasonCode, string, readonly string[]]>([
      ['program-unknown-type', 'a file that is no program', ['@text.txt']],
      ['program-not-wasm', 'garbage', ['@garbage.wasm']],
      ['program-not-wasm', 'an empty file', ['@empty.wasm']],
      ['program-invalid', 'a truncated module', ['@truncated.wasm']],
      ['program-unsupported-feature', 'threads', ['@threads.wasm']],
      ['program-unknown-import', 'an unknown import', ['@import.wasm']],
      ['program-too-large', 'a module over 32 MiB', ['@large.wasm']],
      ['program-too-large', 'a file of 3 GiB', ['@huge.wasm']],
      ['program-not-found', 'a missing program', ['@absent.wasm']],
      ['program-not-found', 'a folder as program', ['@']],
      ['resource-not-deployed', 'an address without app', [UNKNOWN_ADDRESS]],
      ['input-missing', 'a missing input', [probeWasm, '--input', '@text.txt', '--input', '@absent.txt']],
      ['content-too-large', 'an input of 3 GiB', [probeWasm, '--input', '@huge.wasm']],
      ['price-above-maximum', 'a price above the maximum', [probeWasm, '--max-price', '0.999999999']],
      ['balance-too-low', 'an account without RLC', [probeWasm, '--as', 'stranger']],
      ['category-unknown', 'an unknown category', [probeWasm, '--category', '200']],
      ['no-matching-order', 'a pool that offers nothing', [probeWasm, '--workerpool', UNKNOWN_ADDRESS]],
    ])('%s: %s', async ([code, , args]) => {
      expectRefusal(await run(...args), code);
    });

    test.for<readonly [string, readonly string[]]>([
      ['a bag of nothing', ['--tasks', '0']],
      ['a bag that is no number', ['--tasks', 'many']],
      ['certainty', ['--confidence', '1']],
      ['a confidence that is no number', ['--confidence', 'high']],
      ['trust 0', ['--trust', '0']],
      ['trust and confidence', ['--trust', '5', '--confidence', '0.8']],
      ['a negative price', ['--max-price=-1']],
      ['parts of a nano', ['--max-price', '1.0000000001']],
      ['a pool that is no address', ['--workerpool', 'best']],
      ['a category that is no number', ['--category', 'XS']],
      ['an account that is none', ['--as', 'nobody']],
      ['an unknown option', ['--free']],
    ])('a wrong call exits with 2: %s', async ([what, options]) => {
      const code = what === 'an account that is none' ? 'key-not-found' : 'bad-request';
      expectRefusal(await run(probeWasm, ...options), code, code === 'bad-request' ? 2 : 1);
    });

    test.for([[], ['run'], ['walk'], ['account', 'deposit', 'all'], ['task', 'show', '0x12'], ['account', 'transfer', '1', 'nobody']])(
      'a wrong call exits with 2: %j',
      async (args) => {
        const { error } = expectRefusal(await net.gleaner(args, PATIENCE), 'bad-request', 2);
        expect(error).not.toContain('outputHelp');
      },
    );

    test.for<readonly [ReasonCode, readonly string[]]>([
      ['task-not-found', ['task', 'show', UNKNOWN_ID]],
      ['task-not-found', ['task', 'logs', UNKNOWN_ID]],
      ['task-not-found', ['task', 'result', UNKNOWN_ID]],
      ['deal-not-found', ['deal', 'show', UNKNOWN_ID]],
      ['resource-not-deployed', ['app', 'show', UNKNOWN_ADDRESS]],
      ['balance-too-low', ['account', 'withdraw', '1', '--as', 'stranger']],
    ])('%s: gleaner %j', async ([code, args]) => {
      expectRefusal(await net.gleaner(args, PATIENCE), code);
    });

    test.for([
      ['0.9999', 14],
      ['0.999999999', 30],
    ] as const)('confidence-unreachable: %s needs %i workers, and the message says so', async ([confidence, needed]) => {
      const { error, details } = expectRefusal(await run(probeWasm, '--confidence', confidence), 'confidence-unreachable');
      expect(details).toMatchObject({ workersNeeded: needed, workersOnline: WORKERS, reachableConfidence: 1 - 2 ** -WORKERS });
      for (const figure of [needed, WORKERS, 1 - 2 ** -WORKERS]) expect(error).toContain(`${figure}`);
    });

    test('without --json people read message, advice and code, and no stack trace', async () => {
      const { exitCode, stdout, stderr } = await runNode(
        launcher,
        ['--data', net.dataDir, 'run', probeWasm, '--max-price', '0.5', '--yes'],
        PATIENCE,
      );
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/the maximum is .*\n.*--max-price.*\n\s+\(price-above-maximum\)\n$/);
    });
  });

  test('and neither money nor gas was spent on it', async () => {
    expect(await readAccounts(['requester', 'stranger'])).toEqual(before);
  });
});

test.for(['1', '2'])('trust %s is quoted as one worker, unchecked', async (trust) => {
  const args = ['run', goMoveWasm, '--trust', trust, '--quote-only'];
  const [json, text] = await Promise.all([net.gleaner(args, PATIENCE), runNode(launcher, ['--data', net.dataDir, ...args], PATIENCE)]);
  expect(json).toMatchObject({ exitCode: 0, value: { ok: true, quote: { trust, unchecked: true, workersNeeded: 1 } } });
  expect(text.stdout).toContain(`one worker, unchecked (trust ${trust})`);
});

describe.concurrent('networks and folders that cannot be used', () => {
  test('network-not-running: a folder without network, and one whose network was never up', async () => {
    await mkdir(file('nothing'));
    for (const data of [file('nothing'), file('absent')]) {
      expectRefusal(await runGleaner(['--data', data, 'run', probeWasm, '--yes'], PATIENCE), 'network-not-running');
    }
  });

  test('network-already-running: a second start on the same folder leaves the first alone', async () => {
    expectRefusal(await lastLine(net.gleaner(['up'], PATIENCE)), 'network-already-running');
    expectRefusal(await net.gleaner(['up', '--detach'], PATIENCE), 'network-already-running');
    expect((await status(net.dataDir)).state).toBe('ready');
  });

  test('data-unreadable: a folder that is a file, is below one, or may not be entered', async () => {
    await mkdir(file('closed'));
    await chmod(file('closed'), 0o000);
    // Root may enter every folder.
    const closed = process.getuid?.() === 0 ? [] : [file('closed')];
    for (const data of [file('text.txt'), join(file('text.txt'), 'below'), ...closed]) {
      expectRefusal(await lastLine(runGleaner(['--data', data, 'up'], PATIENCE)), 'data-unreadable');
      expectRefusal(await runGleaner(['--data', data, 'run', probeWasm, '--yes'], PATIENCE), 'data-unreadable');
    }
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
    const network = net.network;
    const changed = name === 'rpcUrl' ? { ...network, rpcUrl: dead } : { ...network, services: { ...network.services, [name]: dead } };
    await mkdir(file(name));
    await writeFile(join(file(name), 'network.json'), JSON.stringify(changed));
    expectRefusal(await runGleaner(['--data', file(name), 'run', probeWasm, '--yes'], PATIENCE), code);
  });
});

test('a second network finds other ports when the usual one is taken; without workers it refuses, and stops without a trace', async () => {
  const taken = createServer()
    .listen(8545, '127.0.0.1')
    .on('error', () => undefined);
  const second = await startTestNetwork({ workers: 0 });
  try {
    expect(new URL(second.network.rpcUrl).port).not.toBe('8545');
    const ports = [net, second].flatMap(({ network }) => [network.rpcUrl, network.adminRpcUrl, network.services.compassURL]);
    expect(new Set(ports).size).toBe(ports.length);
    const wealth = await getAccount(second.as('requester'), second.address('requester'));
    expectRefusal(await second.gleaner(['run', probeWasm, '--yes'], PATIENCE), 'workers-too-few');
    expect(await getAccount(second.as('requester'), second.address('requester'))).toEqual(wealth);
    await second.stop();
    expectRefusal(await second.gleaner(['run', probeWasm, '--yes'], PATIENCE), 'network-not-running');
    expect(await status(second.dataDir)).toMatchObject({ state: 'stopped', orphans: [] });
  } finally {
    taken.close();
    await second.close();
  }
});

describe('programs that fail on the workers', () => {
  test('the pool names the reason of each before long, and nobody contributes', async () => {
    const taskIds = await until('The start of all tasks', async () => {
      const history = [...(await readHistory(net)).keys()];
      return history.length === FAILING.length && history;
    });
    const views = await Promise.all(
      taskIds.map((taskId) =>
        until('A reason', async () => {
          const view = await poolTask(net, taskId);
          return view.reason !== undefined && view;
        }),
      ),
    );
    expect(views.map(({ reason }) => reason?.code).sort()).toEqual(FAILING.map(({ code }) => code).sort());
    const tasks = await net.as('requester').hub.viewTasks(taskIds);
    expect(tasks.flatMap(({ contributors }) => contributors)).toEqual([]);
  });

  test.for(FAILING)('$what ends `gleaner run` with $code, a refund and exit code 3', async ({ what, code }) => {
    const { exitCode, value, stderr } = (await failing).get(what) as CommandResult;
    expect({ exitCode, stderr, value }).toMatchObject({ exitCode: 3, stderr: '', value: { ok: true, status: 'FAILED' } });
    const [task] = value.tasks;
    expect(task).toMatchObject({ status: 'FAILED', contributions: [], reason: { code } });
    expect(task.stagesMs.refunding).toBeLessThan(4 * TIMEREF * 1000);
    const record: TaskRecord = await getTask(net.as('requester'), task.taskId as TaskId);
    expect(Number(record.times.ended) - record.times.finalDeadline).toBeLessThan(20);
    const shown = await net.gleaner(['task', 'show', task.taskId], PATIENCE);
    expect(shown.value).toMatchObject({ ok: true, task: { status: 'FAILED', reason: { code } } });
  });

  test('every payer has the exact amount back, and nothing is locked', async () => {
    for (const { wallet, escrowFree, escrowLocked, address } of (await readAccounts(['appOwner', 'datasetOwner', 'hubOwner'])).values()) {
      expect({ address, sum: wallet + escrowFree, escrowLocked }).toEqual({ address, sum: 10_000_000_000_000n, escrowLocked: 0n });
    }
  });

  test('afterwards all workers still serve: an honest run that needs every one of them completes', async () => {
    const { exitCode, value } = await net.gleaner([
      'run',
      goMoveWasm,
      '--trust',
      `${2 ** WORKERS}`,
      '--yes',
      '--',
      '--size',
      '5',
      '--playouts',
      '20',
    ]);
    expect({ exitCode, value }).toMatchObject({ exitCode: 0, value: { ok: true, status: 'COMPLETED' } });
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

async function writeFiles(): Promise<void> {
  const module = await readFile(goMoveWasm);
  const contents: Readonly<Record<string, string | Uint8Array>> = {
    'text.txt': 'not a program',
    'garbage.wasm': 'not a program either',
    'empty.wasm': '',
    'truncated.wasm': module.subarray(0, module.length / 2),
    'threads.wasm': sharedMemory(),
    'import.wasm': unknownImport(),
    'large.wasm': tooLarge(),
    'huge.wasm': module,
    'recursion.wasm': endlessRecursion(),
    'computed.wasm': claimsAsComputed('{"deterministic-output-path":"/iexec_out/absent"}'),
  };
  for (const [name, content] of Object.entries(contents)) await writeFile(file(name), content);
  await truncate(file('huge.wasm'), 3 * 2 ** 30);
}

/** `gleaner run`; `@name` is a file of the test's own. */
function run(...args: readonly string[]): Promise<CommandResult> {
  return net.gleaner(['run', ...args.map((arg) => (arg.startsWith('@') ? file(arg.slice(1)) : arg)), '--yes'], PATIENCE);
}

/** One line of JSON with the reason, the exit code, and nothing of our insides. */
function expectRefusal({ exitCode, value, stdout, stderr }: CommandResult, code: ReasonCode, expected = 1) {
  expect({ exitCode, code: value?.code, ok: value?.ok, stdout, stderr }).toMatchObject({ exitCode: expected, code, ok: false });
  expect(stdout.trim().split('\n')).toHaveLength(1);
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at |node_modules|\.ts:\d|undefined|\[object/);
  return value as { error: string; details: Record<string, unknown> };
}

/** Without the lines of progress before it. */
async function lastLine(command: Promise<CommandResult>): Promise<CommandResult> {
  const result = await command;
  return { ...result, stdout: result.stdout.trim().split('\n').at(-1) ?? '' };
}

async function readAccounts(roles: readonly Role[]): Promise<ReadonlyMap<Role, AccountRecord>> {
  const gleaner = net.as('requester');
  return new Map(await Promise.all(roles.map(async (role) => [role, await getAccount(gleaner, net.address(role))] as const)));
}

/** Runs all programs that fail, so that they wait for their refund together; an account makes one deal after the other. */
async function runFailing(category: bigint): Promise<ReadonlyMap<string, CommandResult>> {
  await whenOffered(net, category);
  const byAccount = [...Map.groupBy(FAILING, ({ by }) => by)];
  const results = await Promise.all(
    byAccount.map(async ([role, programs]) => {
      const runs: Promise<readonly [string, CommandResult]>[] = [];
      for (const { what, program, args } of programs) {
        const path = program.includes('/') ? program : file(program);
        const command = net.gleaner(['run', path, '--as', role, '--category', `${category}`, '--yes', '--', ...args]);
        runs.push(command.then((result) => [what, result] as const));
        await Promise.race([command, whenLocked(role, PRICE * BigInt(runs.length))]);
      }
      return Promise.all(runs);
    }),
  );
  return new Map(results.flat());
}

function whenLocked(role: Role, amount: bigint): Promise<unknown> {
  return until(`The deal of ${role}`, async () => (await getAccount(net.as('requester'), net.address(role))).escrowLocked >= amount, {
    everyMs: 200,
  });
}
