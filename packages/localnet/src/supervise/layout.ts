import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from '../files/makeFolder.ts';

/** Files and folders of one network. */
export interface DataLayout {
  /** Absolute, symbolic links resolved, so that one folder has one name. */
  readonly dataDir: string;
  readonly network: string;
  readonly deployment: string;
  readonly lock: string;
  readonly record: string;
  readonly chain: string;
  readonly database: string;
  readonly logs: string;
}

function layOutData(dataDir: string): DataLayout {
  return {
    dataDir,
    network: join(dataDir, 'network.json'),
    deployment: join(dataDir, 'deployment.json'),
    lock: join(dataDir, 'supervisor.lock'),
    record: join(dataDir, 'supervisor.json'),
    chain: join(dataDir, 'chain'),
    database: join(dataDir, 'db'),
    logs: join(dataDir, 'logs'),
  };
}

/** Layout of a folder, which is made when it is missing. @throws {GleanerError} data-unreadable, disk-full */
export async function openDataFolder(path: string): Promise<DataLayout> {
  await makeFolder(resolve(path));
  const layout = layOutData(await realpath(path));
  await makeFolder(layout.logs);
  return layout;
}

/** Layout of a folder that may be missing. */
export async function findDataFolder(path: string): Promise<DataLayout> {
  return layOutData(await realpath(path).catch(() => resolve(path)));
}
