import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { StagedSandbox } from './stageSandbox.ts';
import type { Isolation } from './types.ts';

/** Unprivileged user that a sandbox started by root becomes: nobody on Linux. */
const NOBODY = 65_534;

/** Stack of the sandbox's main thread: the counted stack at its largest plus a reserve for uncounted frames and the host's own. */
const ENGINE_STACK_KIB = 6_144;
const THREAD_STACK_KIB = 8_192;
/** Writable private memory of an idle sandbox; most of it is reserved for compiled code and never touched. */
const BASE_DATA_BYTES = 1_280 * 2 ** 20;

/** Flags that decide how fast a program runs. */
export const ENGINE_FLAGS = [
  `--stack-size=${ENGINE_STACK_KIB}`,
  // Optimised from the first call, one function at a time: a program's main loop often is one call that would never be replaced.
  '--no-liftoff',
  '--wasm-lazy-compilation',
];

const NODE_FLAGS = [
  ...ENGINE_FLAGS,
  '--no-warnings',
  '--max-old-space-size=256',
  '--expose-gc',
  '--disallow-code-generation-from-strings',
  '--no-addons',
];

export interface LaunchOptions {
  readonly isolation: Isolation;
  readonly staged: StagedSandbox;
  /** Bytes the runs in this sandbox may hold beyond the engine's own. */
  readonly dataBytes: number;
}

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * Command line of a sandbox process. A shell sets rlimits first: no core, no file writes, few descriptors, bounded data segment.
 * The environment must be empty.
 */
export function launch(options: LaunchOptions): Launch {
  const dataKib = Math.ceil((BASE_DATA_BYTES + options.dataBytes) / 1024);
  const limits = [
    'ulimit -c 0',
    'ulimit -f 0',
    'ulimit -n 64',
    `ulimit -d ${dataKib}`,
    `s=$(ulimit -s); [ "$s" = unlimited ] || [ "$s" -ge ${THREAD_STACK_KIB} ] || ulimit -s ${THREAD_STACK_KIB}`,
  ];
  const command = options.isolation === 'bubblewrap' ? bubblewrapCommand(options.staged) : processCommand(options.staged);
  return { file: '/bin/sh', args: ['-c', `${limits.join(' && ')} && exec "$@"`, 'sandbox', ...command] };
}

const isRoot = (): boolean => process.getuid?.() === 0;

function processCommand({ folder, entry }: StagedSandbox): string[] {
  const permission = ['--permission', `--allow-fs-read=${folder}`, '--allow-worker'];
  const drop = isRoot() ? [`--uid=${NOBODY}`] : [];
  return [process.execPath, ...NODE_FLAGS, ...permission, join(folder, entry), '--watch-parent', ...drop];
}

/**
 * Root keeps only the right to change its user, uses it before any program is loaded, and needs no user namespace, so that files below a
 * private home can be bound. Anyone else gets a user namespace of its own.
 */
function bubblewrapCommand({ folder, entry }: StagedSandbox): string[] {
  const privileges = isRoot()
    ? ['--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID']
    : ['--unshare-user', '--uid', `${NOBODY}`, '--gid', `${NOBODY}`, '--cap-drop', 'ALL'];
  const bind = (from: string, to: string): string[] => ['--ro-bind', from, to];
  return [
    findBubblewrap() ?? 'bwrap',
    ...['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--die-with-parent', '--new-session', '--clearenv', '--hostname', 'sandbox', ...privileges],
    ...sharedObjects().flatMap((path) => bind(path, path)),
    ...bind(process.execPath, '/sandbox/node'),
    ...bind(folder, '/sandbox/code'),
    ...['--remount-ro', '/', '--chdir', '/'],
    ...['/sandbox/node', ...NODE_FLAGS, `/sandbox/code/${entry}`],
    ...(isRoot() ? [`--uid=${NOBODY}`] : []),
  ];
}

/** Absolute path of bubblewrap on the search path. */
export function findBubblewrap(): string | undefined {
  const folders = (process.env['PATH'] ?? '/usr/bin:/bin').split(delimiter);
  return [...folders, '/usr/bin', '/bin'].map((folder) => join(folder, 'bwrap')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

let knownObjects: readonly string[] | undefined;

/** Files the Node binary is linked with, its loader included; the system's library folders when they cannot be told. */
function sharedObjects(): readonly string[] {
  knownObjects ??= readSharedObjects();
  return knownObjects;
}

function readSharedObjects(): string[] {
  if (process.report === undefined) return libraryFolders();
  const { report } = process as unknown as { report: { excludeNetwork: boolean; getReport(): { sharedObjects?: string[] } } };
  report.excludeNetwork = true;
  const files = (report.getReport().sharedObjects ?? []).filter(
    (path) => path.startsWith('/') && path !== process.execPath && !path.endsWith('.node'),
  );
  return files.some((path) => dirname(path) !== '/' && path.includes('libc')) ? files : libraryFolders();
}

function libraryFolders(): string[] {
  return ['/lib', '/lib64', '/usr/lib', '/usr/lib64'].filter((path) => {
    try {
      accessSync(path);
      return true;
    } catch {
      return false;
    }
  });
}
