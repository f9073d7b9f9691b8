import { type Progress, type RunningNetwork, up } from '@gleaner/localnet';
import { embeddedServices } from './embeddedServices.ts';
import { serviceEntry } from './programsDir.ts';
import { separateServices } from './separateServices.ts';

export interface StartOptions {
  readonly dataDir: string;
  readonly workers: number;
  readonly blockTimeSec?: number;
  readonly databaseUrl?: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Brings a whole network up: one process with an embedded database, or one process per service when a database server is named. */
export function startNetwork(options: StartOptions): Promise<RunningNetwork> {
  const { databaseUrl } = options;
  return up({
    ...options,
    services: databaseUrl === undefined ? embeddedServices() : separateServices(),
    workerSpec: { entry: serviceEntry('worker') },
  });
}
