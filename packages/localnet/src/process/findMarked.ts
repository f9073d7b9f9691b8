import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { identifyProcess, type ProcessIdentity } from './processIdentity.ts';

/** Environment variable that names the data folder to which a process belongs; children inherit it. */
export const MARKER = 'GLEANER_SUPERVISED_BY';

/** Processes of this user that belong to a data folder, whoever started them; empty where there is no /proc. */
export function findMarked(dataDir: string): ProcessIdentity[] {
  const marker = `${MARKER}=${dataDir}`;
  return listPids()
    .filter((pid) => pid !== process.pid && readEnvironment(pid).includes(marker))
    .map(identifyProcess);
}

function listPids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function readEnvironment(pid: number): string[] {
  try {
    // A zombie has no executable any more and its environment is empty.
    readlinkSync(`/proc/${pid}/exe`);
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
