import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assignment } from '@gleaner/api';
import { sealAnswer } from '@gleaner/enclave';
import {
  type Address,
  type Bytes32,
  type DealId,
  GleanerError,
  type Hex,
  type ReasonCode,
  type TaskId,
  ZERO_ADDRESS,
} from '@gleaner/primitives';
import { formatTag } from '@gleaner/protocol';
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { TaskOnChain } from '../ports.ts';
import { startWorker, type WorkerParts } from '../startWorker.ts';

const deep = Number(process.env['GLEANER_DEEP'] ?? 0) > 0;

const TASK_ID = `0x${'11'.repeat(32)}` as TaskId;
const DEAL_ID = `0x${'22'.repeat(32)}` as DealId;
const WORKER = `0x${'33'.repeat(20)}` as Address;
const CID = 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH';
const RESULT = { digest: `0x${'55'.repeat(32)}`, enclaveSign: '0x66', encrypted: true } as const;

/** What a worker asks of others, in its order; it is killed before and after each. */
const CALLS = ['challenge', 'start', 'openSession', 'authorizeEnclave', 'run', 'closeSession', 'uploadResult', 'contributeAndFinalize'];
const MOMENTS = CALLS.length * 2;

test('killed before or after any call, a worker brings the task to its end, with the one answer that was ever opened', async () => {
  await Promise.all(Array.from({ length: MOMENTS }, (_, moment) => expectOneResult([moment])));
});

test('killed again and again, at whatever call of whatever life', async () => {
  const kills = fc.array(fc.integer({ min: 0, max: MOMENTS - 1 }), { minLength: 2, maxLength: 5 });
  // lives are mostly waiting, so eight histories go on beside each other
  const histories = fc.array(kills, { minLength: 8, maxLength: 8 });
  const property = fc.asyncProperty(histories, async (all) => void (await Promise.all(all.map(expectOneResult))));
  await fc.assert(property, { numRuns: deep ? 40 : 1 });
}, 240_000);

test('an answer whose place another enclave took is thrown away, and so is one whose archive was lost before it was opened', async () => {
  for (const harm of ['replaced', 'lost'] as const) {
    const world = await createWorld([CALLS.indexOf('closeSession') * 2]);
    await live(world);
    if (harm === 'replaced') world.current = { enclave: `0x${'99'.repeat(20)}`, key: key(), isClosed: false };
    else await rm(join(world.folder, 'data', 'replicates', TASK_ID, 'result.sealed'));
    await live(world);
    if (harm === 'replaced') expect(world.settled).toHaveLength(1);
    // the key was given for it, so no other enclave gets the secrets: the task goes to another worker
    else expect([world.settled.length, world.reported.at(-1)]).toEqual([0, 'enclave-already-released']);
    await rm(world.folder, { recursive: true });
  }
});

test('a refusal that passes by itself does not end the task for this worker; what does not pass does', async () => {
  const passing = [
    ['openSession', 'invitation-invalid'],
    ['openSession', 'task-not-active'],
    ['openSession', 'task-not-found'],
    ['authorizeEnclave', 'forbidden'],
    ['contributeAndFinalize', 'chain-reverted'],
  ] as const;
  await Promise.all(
    passing.map(async ([call, code]) => {
      const world = await createWorld([]);
      world.refusals.set(call, [code, code]);
      await live(world);
      expect([code, world.settled.length, world.reported]).toEqual([code, 1, []]);
      await rm(world.folder, { recursive: true });
    }),
  );
  const world = await createWorld([]);
  world.refusals.set('openSession', ['measurement-unknown']);
  await live(world);
  expect(world.reported).toEqual(['measurement-unknown']);
  await rm(world.folder, { recursive: true });
});

test('arguments that cannot be split are named, with their text, before an enclave is started', async () => {
  const world = await createWorld([]);
  world.params = JSON.stringify({ iexec_args: `say 'hello` });
  await live(world);
  expect(world.reported).toEqual(['order-invalid']);
  expect(world.message).toMatch(/^iexec_args .*say 'hello.* cannot be split: the quote ' is never closed$/);
  expect(world.current).toBeUndefined();
  await rm(world.folder, { recursive: true });
});

/** @param kills moment of the end of each life but the last */
async function expectOneResult(kills: readonly number[]): Promise<void> {
  const world = await createWorld(kills);
  while (world.settled.length === 0 && world.reported.length === 0) await live(world);
  expect(world.reported, `${kills}`).toEqual([]);
  // what was sent again after a kill is the same
  expect(new Set(world.settled).size).toBe(1);
  expect(world.opened.size).toBe(1);
  expect(world.settled[0]).toBe([...world.opened][0]);
  expect(world.archive).toBe(`archive of ${world.settled[0]}`);
  await rm(world.folder, { recursive: true });
}

/** Everything that outlives a worker: its disk, the secret service by the rules of docs/confidential-tasks.md, and the chain. */
interface World {
  readonly folder: string;
  readonly kills: number[];
  /** Codes that a call answers with, before it does what it should. */
  readonly refusals: Map<string, ReasonCode[]>;
  current: { enclave: Address; key: Bytes32; isClosed: boolean } | undefined;
  /** Enclaves whose answer was opened. */
  readonly opened: Set<Address>;
  readonly settled: Address[];
  readonly reported: string[];
  /** Of the failure reported last. */
  message: string | undefined;
  params: string;
  archive: string;
  given: boolean;
}

async function createWorld(kills: readonly number[]): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner kills-'));
  await writeFile(join(folder, 'program.wasm'), 'program');
  const nothing = {
    current: undefined,
    opened: new Set<Address>(),
    settled: [],
    reported: [],
    message: undefined,
    params: '{}',
    archive: '',
    given: false,
  };
  return { folder, kills: [...kills], refusals: new Map(), ...nothing };
}

/** One life of the worker, until it is killed, or its task has ended. */
async function live(world: World): Promise<void> {
  const kill = world.kills.shift() ?? -1;
  let calls = 0;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const dead = new AbortController();
  /** Dead before the effect of its nth call, or after it; nothing of this life has an effect from then on. */
  const call = async <T>(name: string, effect: () => T | Promise<T>): Promise<T> => {
    const number = calls++;
    if (kill === number * 2) await die(name);
    if (dead.signal.aborted) throw new GleanerError('aborted', name);
    const refusal = world.refusals.get(name)?.shift();
    if (refusal !== undefined) throw new GleanerError(refusal, `${name} is refused`);
    const value = await effect();
    if (kill === number * 2 + 1) await die(name);
    return value;
  };
  const die = async (name: string): Promise<never> => {
    dead.abort();
    end();
    await stopped;
    throw new GleanerError('aborted', name);
  };
  const started = startWorker(partsOf(world, call, { end, dead: dead.signal }));
  const stopped = ended.then(async () => {
    const closing = (await started).close();
    return { closing };
  });
  await (await stopped).closing;
}

type Call = <T>(name: string, effect: () => T | Promise<T>) => Promise<T>;

function partsOf(world: World, call: Call, { end, dead }: { end: () => void; dead: AbortSignal }): WorkerParts {
  const { folder } = world;
  const assignment: Assignment = {
    taskId: TASK_ID,
    dealId: DEAL_ID,
    index: 0,
    authorization: '0x',
    limits: { fuel: 1n, memoryBytes: 1, stackBytes: 1, outputBytes: 1, outputFiles: 1, wallMs: 1 } as unknown as Assignment['limits'],
  };
  const checksum = `0x${createHash('sha256').update('program').digest('hex')}` as const;
  const onChain = () =>
    ({
      status: world.settled.length > 0 ? 'completed' : 'active',
      contribution: 'unset',
      contributionDeadline: 10n ** 9n,
      revealDeadline: 10n ** 9n,
      finalDeadline: 10n ** 9n,
    }) as TaskOnChain;
  return {
    chain: {
      worker: WORKER,
      head: async () => ({ number: BigInt(Date.now()), timestamp: 1n }),
      readTerms: async () => ({
        app: { address: WORKER, type: 'WASI', multiaddr: `/ipfs/${CID}`, checksum },
        dataset: ZERO_ADDRESS,
        params: world.params,
        botFirst: 0n,
        botSize: 1n,
        callback: false,
        enclave: true,
        tag: formatTag(['tee', 'tdx']),
        trust: 1n,
        workerStake: 0n,
      }),
      readDatasetLocations: async () => [],
      readTasks: async (ids) => new Map(ids.map((id) => [id, onChain()])),
      contribute: async () => undefined,
      contributeAndFinalize: ({ enclave }) => call('contributeAndFinalize', () => void world.settled.push(enclave.address)),
      reveal: async () => undefined,
      putUpStake: async () => 0n,
      close: () => undefined,
    },
    scheduler: {
      async nextWork(_waitMs, _holding, signal) {
        if (!world.given && !dead.aborted) {
          world.given = true;
          return assignment;
        }
        await new Promise((resolve) => (signal.aborted ? resolve(undefined) : signal.addEventListener('abort', resolve, { once: true })));
        return undefined;
      },
      async report(taskId, { status, failure }) {
        if (dead.aborted) throw new GleanerError('aborted', 'report');
        if (status === 'failed') world.reported.push(failure?.code ?? '');
        world.message = failure?.message ?? world.message;
        if (status === 'failed' || status === 'completed') end();
        return { taskId, action: 'continue' };
      },
      authorizeEnclave: (_taskId, { enclave }) => call('authorizeEnclave', () => enclave as Hex),
      ping: async () => [],
      register: async () => ({ pingMs: 60_000 }),
    },
    content: {
      download: async () => undefined,
      fetch: async () => join(folder, 'program.wasm'),
      uploadResult: (_taskId, path) =>
        call('uploadResult', async () => {
          world.archive = await readFile(path, 'utf8');
          return CID;
        }),
    },
    enclaves: { chainId: 1_337_001, hubAddress: WORKER, ...enclavesOf(world, call) },
    runner: {
      kind: 'wasi',
      probe: () => ({}) as never,
      check: async () => [],
      run: async () => ({}) as never,
      close: async () => undefined,
    },
    clock: { nowMs: () => 0 },
    log: pino({ level: 'silent' }),
    dataDir: join(folder, 'data'),
    slots: 1,
    pollMs: 2,
  };
}

function enclavesOf(world: World, call: Call): Pick<NonNullable<WorkerParts['enclaves']>, 'backend' | 'secrets'> {
  const refused = () => new GleanerError('enclave-already-released', 'another enclave is current, or one was closed');
  return {
    backend: {
      kind: 'dev-insecure',
      hardware: false,
      start: () =>
        call('start', () => {
          const address = `0x${randomBytes(20).toString('hex')}` as Address;
          return {
            address,
            evidence: address,
            close: async () => undefined,
            run: ({ sealed, archivePath }) =>
              call('run', async () => {
                const subject = { taskId: TASK_ID, worker: WORKER, enclave: address };
                const answerKey = sealed.ciphertext as Bytes32;
                await writeFile(archivePath, sealAnswer('archive', Buffer.from(`archive of ${address}`), answerKey, subject));
                const answer = sealAnswer('answer', Buffer.from(JSON.stringify(RESULT)), answerKey, subject);
                return { type: 'sealed', answer: answer.toString('base64') };
              }),
          };
        }),
    },
    secrets: {
      challenge: () => call('challenge', key),
      openSession: ({ evidence }) =>
        call('openSession', () => {
          if (world.current?.isClosed) throw refused();
          world.current = { enclave: evidence as Address, key: key(), isClosed: false };
          const { enclave, key: ciphertext } = world.current;
          return { enclave, approval: '0x', sealed: { encapsulatedKey: '0x', ciphertext } };
        }),
      closeSession: ({ enclave }) =>
        call('closeSession', () => {
          if (world.current?.enclave !== enclave) throw refused();
          world.current = { ...world.current, isClosed: true };
          world.opened.add(enclave);
          return world.current.key;
        }),
    },
  };
}

const key = (): Bytes32 => `0x${randomBytes(32).toString('hex')}` as Bytes32;
