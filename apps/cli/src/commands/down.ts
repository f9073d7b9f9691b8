import { down } from '@gleaner/localnet';
import type { Command } from 'commander';
import { type CommonOptions, dataDirOf, printerOf } from '../session.ts';
import { optionsOf } from './options.ts';

export function addDownCommand(program: Command): void {
  program
    .command('down')
    .description('stop the network of the data folder, and whatever a killed one left running')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<CommonOptions>(command);
      const printer = printerOf(options);
      const report = await down(dataDirOf(options));
      printer.line(
        report.wasRunning
          ? `Stopped${report.orphans > 0 ? `, with ${report.orphans} processes that were left over` : ''}`
          : 'Nothing was running',
      );
      printer.result(report);
    });
}
