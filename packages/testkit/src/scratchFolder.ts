import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess, isRunning, type ProcessIdentity, signalProcess } from '@gleaner/localnet';

export interface ScratchFolder {
  readonly path: string;
  /** Processes that end with the folder, also when this process is killed. Replaces the former list. */
  guard(processes: readonly ProcessIdentity[]): void;
  /** Kills the guarded processes and removes the folder. */
  remove(): Promise<void>;
}

const PREFIX = 'gleaner-test-';
const OWNER = 'owner.json';
const GUARDED = 'guarded';

/**
 * Waits for the end of its stdin, which comes with the end of this process in whatever way, then ends the processes listed in the
 * guarded file whose start time still fits and removes the folder. Fields of /proc/<pid>/stat are counted after the bracket that ends the name.
 */
const WATCHER = `
read -r _
for signal in TERM KILL; do
  while read -r pid start; do
    [ -n "$pid" ] || continue
    now=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -d' ' -f20)
    [ "$now" = "$start" ] && kill -$signal "$pid" 2>/dev/null && busy=1
  done < "$1/${GUARDED}"
  [ -z "$busy" ] && break
  [ $signal = TERM ] && sleep 0.5
done
i=0
while [ -e "$1" ] && [ $i -lt 20 ]; do rm -rf "$1" 2>/dev/null || sleep 0.1; i=$((i + 1)); done
`;

/** A new folder in the system's temporary folder, mode 0700. Folders of test runs that are dead are removed on the way. */
export function createScratchFolder(name: string): ScratchFolder {
  removeStale();
  const path = mkdtempSync(join(tmpdir(), `${PREFIX}${name}-`));
  writeFileSync(join(path, OWNER), JSON.stringify(identifyProcess(process.pid)));
  writeFileSync(join(path, GUARDED), '');
  const watcher = spawn('/bin/sh', ['-c', WATCHER, 'watcher', path], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.unref();
  watcher.stdin.on('error', () => undefined);
  (watcher.stdin as unknown as { unref?(): void }).unref?.();
  return {
    path,
    guard: (processes) => writeFileSync(join(path, GUARDED), formatGuarded(processes)),
    async remove() {
      watcher.ref();
      const gone = watcher.exitCode === null ? new Promise((resolve) => watcher.once('exit', resolve)) : undefined;
      watcher.stdin.end();
      await gone;
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Without a watcher (it was killed as well) the next run does its work. */
function removeStale(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const path = join(tmpdir(), name);
    try {
      const owner = JSON.parse(readFileSync(join(path, OWNER), 'utf8')) as ProcessIdentity;
      if (isRunning(owner)) continue;
      for (const guarded of parseGuarded(readFileSync(join(path, GUARDED), 'utf8'))) signalProcess(guarded, 'SIGKILL');
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Being made or removed by another run, or another user's.
    }
  }
}

const formatGuarded = (processes: readonly ProcessIdentity[]): string =>
  processes.map(({ pid, startTime }) => `${pid} ${startTime ?? ''}\n`).join('');

function parseGuarded(text: string): ProcessIdentity[] {
  return text.split('\n').flatMap((line) => {
    const [pid, startTime] = line.split(' ');
    return pid && startTime ? [{ pid: Number(pid), startTime }] : [];
  });
}
