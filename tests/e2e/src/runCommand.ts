import { spawn } from 'node:child_process';
import { launcher, root } from './clone.ts';

export interface CommandResult {
  readonly exitCode: number;
  /** What the command printed as its last line, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape belongs to the command
  readonly value: any;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Kills the process when it fires. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Runs `gleaner … --json` as a process of its own. */
export function runGleaner(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const split = args.indexOf('--');
  const all = split < 0 ? [...args, '--json'] : [...args.slice(0, split), '--json', ...args.slice(split)];
  return runNode(launcher, all, options);
}

/** Runs a file of the clone with this Node; its last line must be JSON when it says anything. */
export function runNode(
  file: string,
  args: readonly string[],
  { env = {}, signal, timeoutMs = 170_000 }: CommandOptions = {},
): Promise<CommandResult> {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const timeout = AbortSignal.timeout(timeoutMs);
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    killSignal: 'SIGKILL',
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`${file} ${args.join(' ')}: ${cause.message}\n${stdout()}\n${stderr()}`, { cause })));
    child.once('close', (code) => resolve({ exitCode: code ?? -1, value: lastJson(stdout()), stdout: stdout(), stderr: stderr() }));
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

function lastJson(text: string): unknown {
  const line = text.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
