import { join } from 'node:path';
import { GleanerError, toGleanerError } from '@gleaner/primitives';
import { openStore, type Store } from '@gleaner/store';
import type { Logger } from 'pino';
import { type LocalChain, startLocalChain } from '../chain/startLocalChain.ts';
import { assertSameChain } from '../database/assertSameChain.ts';
import { openDatabase } from '../database/openDatabase.ts';
import { isDiskFull } from '../files/isDiskFull.ts';
import {
  type DevelopmentAccount,
  openRoleAccounts,
  openWorkerAccounts,
  type RoleAccounts,
  workerFolder,
} from '../keys/developmentAccounts.ts';
import { openMarket } from '../market/openMarket.ts';
import { MARKER } from '../process/findMarked.ts';
import { findFreePort } from '../process/freePort.ts';
import { identifyProcess } from '../process/processIdentity.ts';
import type { SupervisedProcess } from '../process/supervisedProcess.ts';
import { endOrphans } from './cleanUp.ts';
import { describePart } from './describePart.ts';
import { type DataLayout, openDataFolder } from './layout.ts';
import { type Lock, takeLock } from './lock.ts';
import { type Network, type NetworkPatch, patchNetwork, writeNetwork } from './network.ts';
import { openLog } from './openLog.ts';
import { findRecord, type PartRecord, type SupervisorRecord, writeRecord } from './record.ts';
import {
  checkServices,
  describeNetwork,
  needsServer,
  type ServiceSpec,
  type StartedService,
  superviseNode,
  type WorkerSpec,
} from './services.ts';

export interface UpOptions {
  /** Made when missing; everything of the network lives in it. */
  readonly dataDir: string;
  readonly workers: number;
  /** Seconds between blocks; 0.4 unless told. */
  readonly blockTimeSec?: number;
  /** Started in this order, stopped in the reverse one. */
  readonly services: readonly ServiceSpec[];
  readonly workerSpec: WorkerSpec;
  /** A PostgreSQL server instead of the embedded database. */
  readonly databaseUrl?: string;
  /** Ports to try first, by part: `chain`, `chain-admin` or the name of a service. Otherwise those of the run before, then free ones. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Loopback unless told. */
  readonly host?: string;
  /** Origins of web pages, beyond those of this machine, that may use the chain. */
  readonly allowedOrigins?: readonly string[];
  /** By default JSON lines in `<dataDir>/logs/up.log`. */
  readonly log?: Logger;
  /** Told before each stage, for people who wait. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the start; a network that is up is ended by `close`. */
  readonly signal?: AbortSignal;
}

export interface Progress {
  readonly stage: 'clean-up' | 'chain' | 'market' | 'database' | 'service' | 'worker' | 'ready';
  readonly part: string;
  /** Since the start, milliseconds. */
  readonly elapsedMs: number;
}

export interface RunningNetwork {
  readonly network: Network;
  readonly networkPath: string;
  readonly dataDir: string;
  readonly parts: readonly PartRecord[];
  /** Stops workers, services, database and chain in that order; the next `up` goes on from there. */
  close(): Promise<void>;
}

/** First choice when no run came before. */
const USUAL_PORTS: Readonly<Record<string, number>> = { chain: 8545 };

/**
 * Starts the network of a data folder, or continues it: chain, deployment, keys and database are kept. What a killed supervisor
 * left running is ended first.
 * @throws {GleanerError} network-already-running, network-start-failed, data-unreadable, data-corrupt, chain-replaced, disk-full,
 * port-taken, tool-missing, database-unreachable, aborted; nothing is left running then
 */
export async function up(options: UpOptions): Promise<RunningNetwork> {
  checkServices(options.services, options.databaseUrl);
  const layout = await openDataFolder(options.dataDir);
  const lock = await takeLock(layout.lock);
  const run = new NetworkRun(options, layout, lock);
  const cancel = (): void => void run.close();
  options.signal?.addEventListener('abort', cancel, { once: true });
  try {
    await run.start();
    return run;
  } catch (error) {
    const isFull = await isDiskFull(layout.dataDir);
    await run.close();
    if (options.signal?.aborted) throw new GleanerError('aborted', 'The start was cancelled', { cause: error });
    throw isFull
      ? new GleanerError('disk-full', `The disk of ${layout.dataDir} is full`, { details: { path: layout.dataDir }, cause: error })
      : error;
  } finally {
    options.signal?.removeEventListener('abort', cancel);
  }
}

type Closer = () => Promise<void>;

class NetworkRun implements RunningNetwork {
  readonly #options: UpOptions;
  readonly #layout: DataLayout;
  readonly #log: Logger;
  readonly #startedMs = Date.now();
  /** What was started, in order. */
  readonly #closers: Closer[] = [];
  /** Closed after the record says that all has ended. */
  readonly #lastClosers: Closer[];
  readonly #processes: SupervisedProcess[] = [];
  readonly #inProcess: PartRecord[] = [];
  readonly #ports: Record<string, number> = {};
  readonly #ending = new AbortController();
  #state: SupervisorRecord['state'] = 'starting';
  #network: Network | undefined;
  #records: Promise<void> = Promise.resolve();
  #isTouched = false;
  #database: Promise<Store> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: UpOptions, layout: DataLayout, lock: Lock) {
    this.#options = options;
    this.#layout = layout;
    const file = options.log ? { log: options.log, close: async () => undefined } : openLog(join(layout.logs, 'up.log'));
    this.#log = file.log;
    this.#lastClosers = [file.close, () => lock.release()];
  }

  get network(): Network {
    if (!this.#network) throw new GleanerError('network-not-running', 'The network is not described yet');
    return this.#network;
  }

  get networkPath(): string {
    return this.#layout.network;
  }

  get dataDir(): string {
    return this.#layout.dataDir;
  }

  get parts(): readonly PartRecord[] {
    const { misbehaviours = {} } = this.#options.workerSpec;
    return [...this.#processes.map((part) => describePart(part, misbehaviours[part.name])), ...this.#inProcess];
  }

  async start(): Promise<void> {
    this.#tell('clean-up', this.dataDir);
    const former = await findRecord(this.#layout.record);
    const orphans = await endOrphans(this.#layout);
    if (orphans.length > 0) this.#log.warn({ pids: orphans.map(({ pid }) => pid) }, 'orphans.ended');
    Object.assign(this.#ports, choosePorts(this.#options.ports, former?.ports));
    await this.#saveRecord();
    const accounts = await openRoleAccounts(this.dataDir);
    const workers = await openWorkerAccounts(this.dataDir, this.#options.workers);
    // Made beside chain and market, which take about as long.
    this.#database = this.#openDatabase();
    this.#database.catch(() => undefined);
    const chain = await this.#startChain(accounts, workers);
    await this.#openMarket(chain, accounts, workers);
    this.#tell('database', 'database');
    const store = await this.#database;
    await assertSameChain(store, chain);
    for (const service of this.#options.services) await this.#startService(service, store, accounts);
    await this.#startWorkers(workers);
    this.#state = 'ready';
    await this.#saveRecord();
    this.#tell('ready', this.networkPath);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#ending.abort();
    this.#state = 'stopping';
    this.#touch();
    await this.#closeAll();
    await this.#database?.catch(() => undefined);
    await this.#closeAll();
    this.#state = 'stopped';
    await this.#saveRecord().catch(() => undefined);
    for (const closer of this.#lastClosers) await this.#tryToClose(closer);
  }

  /** The latest first; also what a start that still goes on adds meanwhile. */
  async #closeAll(): Promise<void> {
    for (let closer = this.#closers.pop(); closer; closer = this.#closers.pop()) await this.#tryToClose(closer);
  }

  /** Keeps what was started until the end; ends it at once when the end has come already. */
  async #own(closer: Closer): Promise<void> {
    if (!this.#ending.signal.aborted) {
      this.#closers.push(closer);
      return;
    }
    await this.#tryToClose(closer);
    this.#checkGoingOn();
  }

  async #tryToClose(closer: Closer): Promise<void> {
    await closer().catch((error) => this.#log.warn({ error: String(error) }, 'part.close-failed'));
  }

  async #startChain(accounts: RoleAccounts, workers: readonly DevelopmentAccount[]): Promise<LocalChain> {
    this.#tell('chain', 'chain');
    const { blockTimeSec = 0.4, host, allowedOrigins } = this.#options;
    const chain = await startLocalChain({
      chainDir: this.#layout.chain,
      logDir: this.#layout.logs,
      blockTimeSec,
      funded: [...Object.values(accounts), ...workers].map(({ address }) => address),
      ports: { rpc: this.#ports['chain'] ?? 0, admin: this.#ports['chain-admin'] ?? 0 },
      env: { [MARKER]: this.dataDir },
      log: this.#log,
      onChange: (part) => {
        if (!this.#processes.includes(part)) this.#processes.push(part);
        this.#touch();
      },
      ...(host ? { host } : {}),
      ...(allowedOrigins ? { allowedOrigins } : {}),
    });
    await this.#own(() => chain.close());
    this.#ports['chain'] = portOf(chain.rpcUrl);
    this.#ports['chain-admin'] = portOf(chain.adminRpcUrl);
    this.#checkGoingOn();
    return chain;
  }

  async #openMarket(chain: LocalChain, accounts: RoleAccounts, workers: readonly DevelopmentAccount[]): Promise<void> {
    this.#tell('market', 'market');
    const { signal } = this.#options;
    const market = await openMarket({
      rpcUrl: chain.rpcUrl,
      accounts,
      workers,
      deploymentFile: this.#layout.deployment,
      log: this.#log,
      ...(signal ? { signal } : {}),
    });
    await chain.dump();
    const { requester, appOwner, datasetOwner, workerpoolOwner, stranger, hubOwner } = accounts;
    const published = { requester, appOwner, datasetOwner, workerpoolOwner, stranger, hubOwner };
    this.#network = {
      chainId: chain.chainId,
      rpcUrl: chain.rpcUrl,
      adminRpcUrl: chain.adminRpcUrl,
      hubAddress: market.hubAddress,
      tokenAddress: market.tokenAddress,
      registries: market.registries,
      services: {},
      accounts: mapValues(published, ({ address, privateKey }) => ({ address, privateKey })),
    };
    // Services read the description when they start, so it names them all beforehand.
    for (const service of this.#options.services) await this.#publish(service);
    await this.#describe({});
    this.#checkGoingOn();
  }

  async #publish(service: ServiceSpec): Promise<void> {
    if (!service.publishes) return;
    const port = await findFreePort([this.#ports[service.name] ?? 0]);
    this.#ports[service.name] = port;
    this.#network = patchNetwork(this.network, service.publishes(`http://${hostInUrl(this.#options.host)}:${port}`));
  }

  async #openDatabase(): Promise<Store> {
    const { databaseUrl } = this.#options;
    const store = await (databaseUrl ? openStore({ url: databaseUrl }) : openDatabase(this.#layout.database));
    await this.#own(() => store.close());
    this.#inProcess.push({ name: 'database', state: 'ready', restarts: 0 });
    return store;
  }

  async #startService(service: ServiceSpec, store: Store, accounts: RoleAccounts): Promise<void> {
    this.#tell('service', service.name);
    if (needsServer(service)) {
      const { databaseUrl = '' } = this.#options;
      await this.#startNode(service.name, service.entry, join(this.dataDir, service.name), () => ({
        ...describeNetwork(this.network, this.networkPath),
        DATABASE_URL: databaseUrl,
        GLEANER_HOST: this.#options.host ?? '127.0.0.1',
        GLEANER_PORT: String(service.publishes ? this.#ports[service.name] : 0),
        ...(service.account ? { GLEANER_KEY_FILE: accounts[service.account].keyFile } : {}),
        ...service.env?.(this.network),
      }));
    } else {
      const file = openLog(join(this.#layout.logs, `${service.name}.log`));
      await this.#own(file.close);
      const started = await service.start({
        network: this.network,
        networkPath: this.networkPath,
        dataDir: this.dataDir,
        store,
        accounts,
        host: this.#options.host ?? '127.0.0.1',
        port: service.publishes ? (this.#ports[service.name] ?? 0) : 0,
        log: file.log,
        signal: this.#ending.signal,
      });
      await this.#addInProcess(service.name, started);
    }
    this.#checkGoingOn();
  }

  async #addInProcess(name: string, { url, network, close }: StartedService): Promise<void> {
    await this.#own(close);
    this.#inProcess.push({ name, state: 'ready', restarts: 0, ...(url ? { url } : {}) });
    if (network) await this.#describe(network);
  }

  async #startWorkers(workers: readonly DevelopmentAccount[]): Promise<void> {
    const { workerSpec } = this.#options;
    const parts = workers.map((worker, index) => {
      const number = index + 1;
      return this.#supervise(worker.name, workerSpec.entry, workerFolder(this.dataDir, number), () => ({
        ...describeNetwork(this.network, this.networkPath),
        GLEANER_KEY_FILE: worker.keyFile,
        GLEANER_WORKER_NAME: worker.name,
        GLEANER_HOST: '127.0.0.1',
        GLEANER_PORT: '0',
        ...workerSpec.env?.(this.network, number),
        // Nothing of it comes from the environment of the supervisor.
        GLEANER_WORKER_MISBEHAVE: workerSpec.misbehaviours?.[worker.name],
      }));
    });
    await this.#own(async () => {
      await Promise.all(parts.map((part) => part.stop()));
    });
    this.#tell('worker', `${parts.length} workers`);
    await Promise.all(parts.map((part) => part.start()));
  }

  async #startNode(name: string, entry: string, folder: string, env: () => NodeJS.ProcessEnv): Promise<void> {
    const part = this.#supervise(name, entry, folder, env);
    await this.#own(() => part.stop());
    await part.start();
  }

  #supervise(name: string, entry: string, folder: string, env: () => NodeJS.ProcessEnv): SupervisedProcess {
    const spec = { name, entry, folder, env, dataDir: this.dataDir, logDir: this.#layout.logs };
    const part = superviseNode(spec, { log: this.#log, onChange: () => this.#touch() });
    this.#processes.push(part);
    return part;
  }

  async #describe(patch: NetworkPatch): Promise<void> {
    this.#network = patchNetwork(this.network, patch);
    await writeNetwork(this.networkPath, this.#network);
  }

  #tell(stage: Progress['stage'], part: string): void {
    const progress = { stage, part, elapsedMs: Date.now() - this.#startedMs };
    this.#log.info(progress, 'network.progress');
    this.#options.onProgress?.(progress);
  }

  #checkGoingOn(): void {
    this.#options.signal?.throwIfAborted();
    if (this.#ending.signal.aborted) throw new GleanerError('aborted', 'The network was stopped while it was starting');
  }

  /** Brings the record up to date soon; a failure to write it does not stop the network. */
  #touch(): void {
    if (this.#isTouched) return;
    this.#isTouched = true;
    this.#saveRecord().catch((error) => this.#log.warn({ error: toGleanerError(error).code }, 'record.write-failed'));
  }

  /** One write after the other, each with what is true when it begins. */
  #saveRecord(): Promise<void> {
    const saved = this.#records.then(() => {
      this.#isTouched = false;
      return this.#writeRecord();
    });
    this.#records = saved.catch(() => undefined);
    return saved;
  }

  #writeRecord(): Promise<void> {
    const record = {
      supervisor: identifyProcess(process.pid),
      state: this.#state,
      startedMs: this.#startedMs,
      ports: this.#ports,
      parts: this.parts,
    };
    return writeRecord(this.#layout.record, record);
  }
}

function mapValues<K extends string, A, B>(values: Readonly<Record<K, A>>, map: (value: A) => B): Record<K, B> {
  return Object.fromEntries(Object.entries<A>(values).map(([key, value]) => [key, map(value)])) as Record<K, B>;
}

/** A port that was asked for, else the one of the run before, else the usual one; 0 is any. */
function choosePorts(asked: Readonly<Record<string, number>> = {}, former: Readonly<Record<string, number>> = {}): Record<string, number> {
  const fixed = Object.fromEntries(Object.entries(asked).filter(([, port]) => port > 0));
  return { ...USUAL_PORTS, ...asked, ...former, ...fixed };
}

const portOf = (url: string): number => Number(new URL(url).port);

const hostInUrl = (host = '127.0.0.1'): string => (host.includes(':') ? `[${host}]` : host);
