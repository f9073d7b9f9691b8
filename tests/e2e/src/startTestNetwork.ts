import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { accountFromKey, type PrivateKey } from '@gleaner/keys';
import { callRpc, down, identifyProcess, isRunning, type Network, type PartRecord, readNetwork, signalProcess } from '@gleaner/localnet';
import { type Address, type ErrorBody, GleanerError } from '@gleaner/primitives';
import { createGleaner, type Gleaner, type NetworkDescription } from '@gleaner/sdk';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { launcher, root } from './clone.ts';
import { type CommandOptions, type CommandResult, runGleaner } from './runCommand.ts';
import { until } from './until.ts';

export interface TestNetworkOptions {
  readonly workers?: number;
  /** Values of `--misbehave`. */
  readonly misbehave?: readonly string[];
  /** The pool belongs to an operator contract. */
  readonly poolOperator?: boolean;
  /** Every service becomes a process of its own. */
  readonly databaseUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A folder that the caller removes; otherwise one that goes away with the network. */
  readonly dataDir?: string;
}

export type Role = keyof Network['accounts'];

/** Seconds between blocks. */
const BLOCK_TIME = '0.3';
const START_MS = 170_000;

/** A network of real processes, started by `gleaner up`; it goes away with this process, however that ends. */
export class TestNetwork {
  readonly dataDir: string;
  readonly #folder: ScratchFolder;
  readonly #options: TestNetworkOptions;
  readonly #clients = new Map<Role, Gleaner>();
  #supervisor: ChildProcess | undefined;
  #network: Network | undefined;
  #guarding: NodeJS.Timeout | undefined;

  constructor(options: TestNetworkOptions) {
    this.#options = options;
    this.#folder = createScratchFolder('network');
    this.dataDir = options.dataDir ?? join(this.#folder.path, 'data');
  }

  get network(): Network {
    if (this.#network === undefined) throw new GleanerError('network-not-running', 'The test network has not been started');
    return this.#network;
  }

  get workerpool(): Address {
    return this.network.workerpool as Address;
  }

  /** @throws {GleanerError} with the code that the command printed when the network does not start */
  async up(): Promise<void> {
    const { workers = 5, misbehave = [], poolOperator = false, databaseUrl, env } = this.#options;
    const { DATABASE_URL: _, ...inherited } = process.env;
    const cheats = misbehave.flatMap((value) => ['--misbehave', value]);
    const operated = poolOperator ? ['--pool-operator'] : [];
    const args = [
      launcher,
      'up',
      '--json',
      '--data',
      this.dataDir,
      '--workers',
      `${workers}`,
      '--block-time',
      BLOCK_TIME,
      ...operated,
      ...cheats,
    ];
    const supervisor = spawn(process.execPath, args, {
      cwd: root,
      env: { ...inherited, ...env, ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }) },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    this.#supervisor = supervisor;
    this.#guard();
    await readVerdict(supervisor);
    supervisor.stdout?.resume();
    this.#network = await readNetwork(join(this.dataDir, 'network.json'));
    this.#forgetClients();
  }

  /** Client of a development account; made anew after each start. */
  as(role: Role): Gleaner {
    const known = this.#clients.get(role);
    if (known !== undefined) return known;
    const account = accountFromKey(this.network.accounts[role].privateKey as PrivateKey);
    const client = createGleaner({ network: this.network as NetworkDescription, account });
    this.#clients.set(role, client);
    return client;
  }

  address(role: Role): Address {
    return this.network.accounts[role].address;
  }

  /** Runs `gleaner … --json` on this network. */
  gleaner(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return runGleaner(['--data', this.dataDir, ...args], options);
  }

  /** JSON-RPC at the bare node. */
  admin(method: string, params: readonly unknown[] = []): Promise<unknown> {
    return callRpc(this.network.adminRpcUrl, method, params);
  }

  /** Moves the chain's clock forward. */
  async skipTime(seconds: number): Promise<void> {
    await this.admin('evm_increaseTime', [seconds]);
    await this.admin('evm_mine');
  }

  parts(): readonly PartRecord[] {
    return (JSON.parse(readFileSync(join(this.dataDir, 'supervisor.json'), 'utf8')) as { parts: PartRecord[] }).parts;
  }

  part(name: string): PartRecord {
    const part = this.parts().find((candidate) => candidate.name === name);
    if (part === undefined) throw new GleanerError('not-found', `The network has no part ${name}`);
    return part;
  }

  /** Name of the part that works under this wallet. */
  workerNamed(wallet: string): string {
    const numbers = Array.from({ length: this.#options.workers ?? 5 }, (_, index) => index + 1);
    const number = numbers.find((candidate) => this.workerAddress(candidate).toLowerCase() === wallet.toLowerCase());
    if (number === undefined) throw new GleanerError('not-found', `No worker has the wallet ${wallet}`);
    return `worker-${number}`;
  }

  workerAddress(number: number): Address {
    const key = readFileSync(join(this.dataDir, 'workers', `${number}`, 'key'), 'utf8').trim() as PrivateKey;
    return accountFromKey(key).address;
  }

  /** Sends a signal to the process of a part; SIGKILL also waits until it is gone. */
  async signal(name: string, signal: NodeJS.Signals): Promise<void> {
    const target = this.part(name).process;
    if (target === undefined || !signalProcess(target, signal)) throw new GleanerError('not-found', `${name} is not running`);
    if (signal === 'SIGKILL') await until(`The end of ${name}`, () => !isRunning(target), { everyMs: 2 });
  }

  /** kill -9 of a part. @returns a function that waits until the supervisor has it running again */
  async kill(name: string): Promise<() => Promise<void>> {
    const former = this.part(name).process?.pid;
    await this.signal(name, 'SIGKILL');
    return async () => {
      await until(`The restart of ${name}`, () => {
        const { state, process: current } = this.part(name);
        return state === 'ready' && current !== undefined && current.pid !== former && isRunning(current);
      });
    };
  }

  /** kill -9 of the supervisor: what it watched over is left behind. */
  async killSupervisor(): Promise<void> {
    await this.#endSupervisor('SIGKILL');
  }

  /** Stops the network in order; it can be started again. @returns exit code of the supervisor */
  async stop(): Promise<number | null> {
    this.#forgetClients();
    return await this.#endSupervisor('SIGTERM');
  }

  /** Ends everything and removes the folder. */
  async close(): Promise<void> {
    // A part stopped by a test takes no other signal.
    for (const { process: target } of this.#knownParts()) if (target) signalProcess(target, 'SIGCONT');
    await this.stop();
    await down(this.dataDir).catch(() => undefined);
    if (process.env['GLEANER_KEEP'] !== undefined) await cp(this.dataDir, process.env['GLEANER_KEEP'], { recursive: true });
    clearInterval(this.#guarding);
    await this.#folder.remove();
  }

  async #endSupervisor(signal: NodeJS.Signals): Promise<number | null> {
    const supervisor = this.#supervisor;
    if (supervisor === undefined) return null;
    if (isAlive(supervisor)) {
      const ended = once(supervisor, 'exit');
      supervisor.kill(signal);
      await ended;
    }
    return supervisor.exitCode;
  }

  #forgetClients(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  /** Keeps the list of what must die with this process up to date. */
  #guard(): void {
    const list = () => {
      const supervisor = this.#supervisor?.pid === undefined ? [] : [identifyProcess(this.#supervisor.pid)];
      this.#folder.guard([...supervisor, ...this.#knownParts().flatMap(({ process: target }) => target ?? [])]);
    };
    list();
    this.#guarding ??= setInterval(list, 500).unref();
  }

  #knownParts(): readonly PartRecord[] {
    try {
      return this.parts();
    } catch {
      return []; // nothing was started yet
    }
  }
}

const isAlive = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

/** Starts a network; nothing is left when that fails. */
export async function startTestNetwork(options: TestNetworkOptions = {}): Promise<TestNetwork> {
  const network = new TestNetwork(options);
  try {
    await network.up();
    return network;
  } catch (error) {
    await network.close();
    throw error;
  }
}

/** Waits for the one JSON value that says how the start went. */
async function readVerdict(supervisor: ChildProcess): Promise<void> {
  if (supervisor.stdout === null) throw new GleanerError('internal-error', 'The supervisor has no stdout');
  const lines = createInterface({ input: supervisor.stdout });
  const timer = setTimeout(() => supervisor.kill('SIGKILL'), START_MS);
  try {
    for await (const line of lines) {
      const said = JSON.parse(line) as { ok?: boolean } & Partial<ErrorBody>;
      if (said.ok) return;
      throw new GleanerError(said.code ?? 'internal-error', said.error ?? line, { details: said.details ?? {} });
    }
    throw new GleanerError('network-start-failed', `The supervisor ended without a word (exit code ${supervisor.exitCode})`);
  } finally {
    clearTimeout(timer);
    lines.close();
  }
}
