import { GleanerError } from '@gleaner/primitives';
import type { Command } from 'commander';
import { openStage } from '../demo/liar/openStage.ts';
import { runLiarDemo } from '../demo/liar/runLiarDemo.ts';
import { table } from '../output/table.ts';
import { type CommonOptions, dataDirOf, interrupted, printerOf } from '../session.ts';
import { optionsOf, parseCount } from './options.ts';

interface LiarOptions extends CommonOptions {
  readonly rounds: string;
}

/** Longest time of a demo, start of its network included. */
const LIAR_MS = 6 * 60_000;

export function addDemoCommand(program: Command): void {
  const demo = program.command('demo').description('stories played on a real network; alone it lists them');
  demo.action((_: unknown, command: Command) => {
    const printer = printerOf(optionsOf<CommonOptions>(command));
    const demos = demo.commands.map((each) => ({ name: each.name(), summary: each.summary() }));
    for (const line of table(demos.map(({ name, summary }) => [`gleaner demo ${name}`, summary]))) printer.line(line);
    printer.result({ demos });
  });
  demo
    .command('liar')
    .summary('a worker lies: it loses stake and score, and the task succeeds all the same')
    .description(
      'Every worker earns a score by honest work; then tasks are bought until one worker has committed to a wrong result before the others agreed.\nPlays on the network of --data when that runs with a liar (gleaner up --misbehave worker-5=wrong-result), otherwise on one of its own, which is gone afterwards.',
    )
    .option('--rounds <n>', 'tasks at most, 1 to 100', '15')
    .action(async (_: unknown, command: Command) => await playLiar(optionsOf<LiarOptions>(command)));
}

async function playLiar(options: LiarOptions): Promise<void> {
  const printer = printerOf(options);
  const rounds = Number(parseCount(options.rounds, '--rounds', 100));
  const timeout = AbortSignal.timeout(LIAR_MS);
  const signal = AbortSignal.any([interrupted(), timeout]);
  try {
    const stage = await openStage(dataDirOf(options), { printer, signal });
    try {
      printer.result({ ownNetwork: stage.own, ...(await runLiarDemo(stage, { rounds, printer, signal })) });
    } finally {
      await stage.close();
    }
  } catch (error) {
    if (interrupted().aborted) throw new GleanerError('aborted', 'Cancelled; a network that the demo started is gone', { cause: error });
    if (!timeout.aborted) throw error;
    throw new GleanerError('timed-out', `The demo took longer than ${LIAR_MS / 60_000} minutes`, { cause: error });
  }
}
