import { flushCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { type Network, type Progress, type RunningNetwork, up } from '@gleaner/localnet';
import { rootPathOf } from './developmentRoot.ts';
import { embeddedServices } from './embeddedServices.ts';
import { portalService } from './portalService.ts';
import { serviceEntry } from './programsDir.ts';
import { separateServices } from './separateServices.ts';

export interface StartOptions {
  readonly dataDir: string;
  readonly workers: number;
  readonly blockTimeSec?: number;
  readonly databaseUrl?: string;
  /** Workers that do wrong on purpose, by name: `parseMisbehaviours`. */
  readonly misbehaviours?: Readonly<Record<string, string>>;
  /** The pool belongs to an operator contract, and the scheduler holds the key of its agent; otherwise the owner's. */
  readonly poolOperator?: boolean;
  /** Serves the web portal too; it is unless told. */
  readonly portal?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Brings a whole network up: one process with an embedded database, or one process per service when a database server is named. */
export function startNetwork(options: StartOptions): Promise<RunningNetwork> {
  const { databaseUrl, misbehaviours = {}, poolOperator = false, portal = true, onProgress, ...rest } = options;
  const services = databaseUrl === undefined ? embeddedServices(poolOperator) : separateServices(poolOperator, resolve(options.dataDir));
  return up({
    ...rest,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    onProgress: (progress) => {
      // What this process has compiled serves the processes it starts.
      if (progress.stage === 'service' || progress.stage === 'worker') flushCompileCache();
      onProgress?.(progress);
    },
    services: portal ? [...services, portalService()] : services,
    workerSpec: {
      entry: serviceEntry('worker'),
      misbehaviours,
      env: (network: Network) => enclaveEnvironment(network, options.dataDir),
    },
  });
}

function enclaveEnvironment({ services }: Network, dataDir: string): NodeJS.ProcessEnv {
  return { GLEANER_DEV_ENCLAVE_ROOT: rootPathOf(resolve(dataDir)), GLEANER_SECRETS_URL: services.smsURL };
}
