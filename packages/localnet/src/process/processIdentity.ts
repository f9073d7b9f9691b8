import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Names one process for ever: a recycled pid has another start time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot, field 22 of /proc/<pid>/stat; absent where there is no /proc. */
  readonly startTime?: string;
}

export function identifyProcess(pid: number): ProcessIdentity {
  const startTime = findStat(pid)?.startTime;
  return startTime === undefined ? { pid } : { pid, startTime };
}

/** Whether the process still runs; a zombie and a stranger with the same pid do not count. Without /proc only the pid is compared. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  if (!hasPid(pid)) return false;
  if (startTime === undefined) return true;
  const stat = findStat(pid);
  return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z' && stat.state !== 'X';
}

/** Asks a process to end and kills it when it has not done so in time. Resolves when it is gone. */
export async function endProcess(process: ProcessIdentity, graceMs: number): Promise<void> {
  signalProcess(process, 'SIGTERM');
  // A stopped process takes no SIGTERM before it is continued.
  signalProcess(process, 'SIGCONT');
  if (await isGoneWithin(process, graceMs)) return;
  signalProcess(process, 'SIGKILL');
  await isGoneWithin(process, 5_000);
}

/** Sends a signal unless the process has ended or its pid belongs to another one by now. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(target)) return false;
  try {
    return process.kill(target.pid, signal);
  } catch {
    return false;
  }
}

async function isGoneWithin(process: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isRunning(process)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

function hasPid(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command name in field 2 may hold spaces and brackets, so fields are counted after its closing one. */
function findStat(pid: number): { state: string; startTime: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, startTime] = [fields[0], fields[19]];
    return state !== undefined && startTime !== undefined ? { state, startTime } : undefined;
  } catch {
    return undefined;
  }
}
