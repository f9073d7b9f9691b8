import { fileURLToPath } from 'node:url';
import { type Progress, upDetached } from '@gleaner/localnet';
import { GleanerError, show } from '@gleaner/primitives';
import { MISBEHAVIOURS } from '@gleaner/worker/misbehaviour';
import type { Command } from 'commander';
import { ENCLAVES_LINE } from '../network/enclavesLine.ts';
import { misbehaviourLines, parseMisbehaviours } from '../network/parseMisbehaviours.ts';
import { toJson } from '../output/printer.ts';
import { type CommonOptions, dataDirOf, interrupted, printerOf } from '../session.ts';
import { collect, optionsOf, parseCount } from './options.ts';

interface UpOptions extends CommonOptions {
  readonly detach: boolean;
  readonly progress: boolean;
  readonly workers: string;
  readonly blockTime: string;
  readonly misbehave: readonly string[];
  readonly poolOperator: boolean;
}

export function addUpCommand(program: Command): void {
  program
    .command('up')
    .summary('start a network on this machine')
    .description(
      'Starts chain, contracts, order book, scheduler, content gateway, keeper and workers of one data folder, or goes on with what is there.\nWith DATABASE_URL set, that PostgreSQL is used and every service is a process of its own. With GLEANER_CONTENT_URL=s3://… content lies in that bucket (docs/content-storage.md).',
    )
    .option('-d, --detach', 'leave it running in the background', false)
    .option('--progress', 'print progress as JSON lines on stderr', false)
    .option('--workers <n>', 'worker processes, each with its own key', '5')
    .option('--block-time <s>', 'seconds between blocks', '0.4')
    .option(
      '--pool-operator',
      'the pool belongs to an operator contract, of which the scheduler holds the agent’s key; to be given each time',
      false,
    )
    .option(
      '--misbehave <worker=kind>',
      `for trying things out: a worker that does wrong until this network stops (the next \`up\` begins with honest ones), e.g. worker-5=wrong-result; may be repeated. Kinds: ${MISBEHAVIOURS}`,
      collect,
      [],
    )
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<UpOptions>(command);
      await (options.detach ? detach(options) : stay(options));
    });
}

async function stay(options: UpOptions): Promise<void> {
  const printer = printerOf(options);
  const signal = interrupted();
  const onProgress = (progress: Progress) => {
    if (options.progress) process.stderr.write(`${toJson({ progress })}\n`);
    else printer.note(progressLine(progress));
  };
  const { DATABASE_URL: databaseUrl } = process.env;
  const started = settings(options);
  printer.note(ENCLAVES_LINE);
  for (const line of misbehaviourLines(started.misbehaviours)) printer.note(line);
  // The services take a third of the time that a command needs to start, and only this one runs them.
  const { startNetwork } = await import('../network/startNetwork.ts');
  const running = await startNetwork({ ...started, ...(databaseUrl ? { databaseUrl } : {}), onProgress, signal });
  printer.line(`Network ${running.network.chainId} is up: ${running.networkPath}`);
  if (running.network.portalUrl !== undefined) printer.line(`Portal: ${running.network.portalUrl}`);
  printer.line('Stop it with Ctrl-C or, from another terminal: gleaner down');
  printer.result({
    state: 'ready',
    networkPath: running.networkPath,
    chainId: running.network.chainId,
    portalUrl: running.network.portalUrl,
    enclaves: running.network.enclaves,
    misbehaviours: started.misbehaviours,
  });
  await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
  printer.note('Stopping…');
  await running.close();
}

async function detach(options: UpOptions): Promise<void> {
  const printer = printerOf(options);
  const { dataDir, workers, blockTimeSec, misbehaviours, poolOperator } = settings(options);
  printer.note(ENCLAVES_LINE);
  for (const line of misbehaviourLines(misbehaviours)) printer.note(line);
  const main = fileURLToPath(new URL('../../bin/gleaner.mjs', import.meta.url));
  const command = [
    process.execPath,
    main,
    '--json',
    '--data',
    dataDir,
    'up',
    '--progress',
    '--workers',
    `${workers}`,
    '--block-time',
    `${blockTimeSec}`,
    ...(poolOperator ? ['--pool-operator'] : []),
    ...Object.entries(misbehaviours).flatMap(([name, kind]) => ['--misbehave', `${name}=${kind}`]),
  ] as const;
  const { pid, network, networkPath, logPath } = await upDetached({
    dataDir,
    command: [...command],
    signal: interrupted(),
    onLine: (line) => {
      const progress = readProgress(line);
      if (progress !== undefined) printer.note(progressLine(progress));
    },
  });
  printer.line(`Network ${network.chainId} is up as process ${pid}: ${networkPath}`);
  if (network.portalUrl !== undefined) printer.line(`Portal: ${network.portalUrl}`);
  printer.line('Stop it with: gleaner down');
  printer.result({
    state: 'ready',
    pid,
    networkPath,
    logPath,
    chainId: network.chainId,
    portalUrl: network.portalUrl,
    enclaves: network.enclaves,
    misbehaviours,
  });
}

interface Settings {
  readonly dataDir: string;
  readonly workers: number;
  readonly blockTimeSec: number;
  readonly misbehaviours: Readonly<Record<string, string>>;
  readonly poolOperator: boolean;
}

function settings({ workers, blockTime, misbehave, poolOperator, ...options }: UpOptions): Settings {
  const blockTimeSec = Number(blockTime);
  if (!(blockTimeSec >= 0.1 && blockTimeSec <= 60)) {
    throw new GleanerError('bad-request', `--block-time must be a number of seconds from 0.1 to 60, got ${show(blockTime)}`, {
      details: { value: show(blockTime) },
    });
  }
  const count = Number(parseCount(workers, '--workers', 64, 0));
  return { dataDir: dataDirOf(options), workers: count, blockTimeSec, misbehaviours: parseMisbehaviours(misbehave, count), poolOperator };
}

function progressLine({ stage, part, elapsedMs }: Progress): string {
  return `${(elapsedMs / 1000).toFixed(1).padStart(6)} s  ${stage === part ? stage : `${stage} ${part}`}`;
}

function readProgress(line: string): Progress | undefined {
  try {
    return (JSON.parse(line) as { progress?: Progress }).progress;
  } catch {
    return undefined;
  }
}
