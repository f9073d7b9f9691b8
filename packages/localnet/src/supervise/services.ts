import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GleanerError } from '@gleaner/primitives';
import type { Store } from '@gleaner/store';
import type { Logger } from 'pino';
import type { RoleAccounts } from '../keys/developmentAccounts.ts';
import { MARKER } from '../process/findMarked.ts';
import type { Log } from '../process/log.ts';
import { SupervisedProcess } from '../process/supervisedProcess.ts';
import type { Network, NetworkPatch } from './network.ts';

interface ServiceBase {
  readonly name: string;
  /** What the network's description gains by this service. Given, the service must listen on the port it is told. */
  publishes?(url: string): NetworkPatch;
}

/** A service that lives in the supervisor, beside the embedded database. */
export interface InProcessService extends ServiceBase {
  start(context: ServiceContext): Promise<StartedService>;
}

export interface StartedService {
  readonly url?: string;
  /** For what is known only after the start, e.g. the address of the workerpool. */
  readonly network?: NetworkPatch;
  close(): Promise<void>;
}

/** A service in a process of its own, which needs a database server. */
export interface ProcessService extends ServiceBase {
  /** Path of its main file. */
  readonly entry: string;
  /** Whose key file it gets. */
  readonly account?: keyof RoleAccounts;
  env?(network: Network): NodeJS.ProcessEnv;
}

export type ServiceSpec = InProcessService | ProcessService;

/** The program of every worker. */
export interface WorkerSpec {
  readonly entry: string;
  env?(network: Network, number: number): NodeJS.ProcessEnv;
  /** Workers that do wrong on purpose, by name: what they are told in GLEANER_WORKER_MISBEHAVE. For this run of the network alone. */
  readonly misbehaviours?: Readonly<Record<string, string>>;
}

export interface ServiceContext {
  /** As far as it is known when the service starts. */
  readonly network: Network;
  readonly networkPath: string;
  readonly dataDir: string;
  readonly store: Store;
  readonly accounts: RoleAccounts;
  readonly host: string;
  /** The port to listen on; 0 for a service that publishes nothing. */
  readonly port: number;
  /** Writes to the log file of the service. */
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Service processes end by themselves within 5 s of SIGTERM. */
const GRACE_MS = 6_000;
const READY_TIMEOUT_MS = 60_000;

export interface NodeProcess {
  readonly name: string;
  readonly entry: string;
  readonly dataDir: string;
  readonly logDir: string;
  /** Folder of the process itself. */
  readonly folder: string;
  env(): NodeJS.ProcessEnv;
}

/** A Node program that prints `{"ready":true,"url":…}` when it serves, kept running. */
export function superviseNode(spec: NodeProcess, options: { log: Log; onChange: () => void }): SupervisedProcess {
  return new SupervisedProcess(
    {
      name: spec.name,
      logPath: join(spec.logDir, `${spec.name}.log`),
      readyTimeoutMs: READY_TIMEOUT_MS,
      graceMs: GRACE_MS,
      command: async () => {
        await mkdir(spec.folder, { recursive: true, mode: 0o700 });
        const env = { ...inherited(), ...spec.env(), GLEANER_DATA: spec.folder, [MARKER]: spec.dataDir };
        return { file: process.execPath, args: [spec.entry], env, cwd: spec.folder };
      },
      ready: async (started) => (await started.findLine(readReadyLine)).url,
    },
    options,
  );
}

/** What every part may know of the surroundings; the database and the keys of a bucket are given to the services that use them alone. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'DATABASE_URL' && !BUCKET.test(name)));
}

/** Where content lies, and the usual names of the keys to it. */
const BUCKET = /^(GLEANER_CONTENT_(URL|KEY_FILE)|AWS_\w+)$/;

/** Environment that describes the network to a process of it, by the names services read. */
export function describeNetwork(network: Network, networkPath: string): NodeJS.ProcessEnv {
  const { compassURL, ipfsGatewayURL } = network.services;
  return {
    GLEANER_NETWORK: networkPath,
    GLEANER_RPC_URL: network.rpcUrl,
    GLEANER_HUB: network.hubAddress,
    GLEANER_CHAIN_ID: String(network.chainId),
    ...(compassURL ? { GLEANER_SCHEDULER_URL: compassURL } : {}),
    ...(ipfsGatewayURL ? { GLEANER_GATEWAY_URL: ipfsGatewayURL } : {}),
  };
}

function readReadyLine(line: string): { url: string | undefined } | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { ready, url } = JSON.parse(line) as { ready?: unknown; url?: unknown };
    return ready === true ? { url: typeof url === 'string' ? url : undefined } : undefined;
  } catch {
    return undefined;
  }
}

export function needsServer(service: ServiceSpec): service is ProcessService {
  return 'entry' in service;
}

/** @throws {GleanerError} bad-request when a service process is asked for without a database server, or two parts share a name */
export function checkServices(services: readonly ServiceSpec[], databaseUrl: string | undefined): void {
  const lonely = services.find(needsServer);
  if (lonely && !databaseUrl) {
    throw new GleanerError('bad-request', `The service ${lonely.name} runs as a process of its own, which needs DATABASE_URL`);
  }
  const names = services.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index || ['chain', 'database'].includes(name));
  if (twice !== undefined) throw new GleanerError('bad-request', `Two parts of the network are called ${twice}`);
}
