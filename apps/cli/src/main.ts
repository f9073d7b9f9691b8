import { GleanerError } from '@gleaner/primitives';
import { Command, CommanderError } from 'commander';
import { addAccountCommand } from './commands/account.ts';
import { addAppCommand } from './commands/app.ts';
import { addDatasetCommand } from './commands/dataset.ts';
import { addDealCommand } from './commands/deal.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addDownCommand } from './commands/down.ts';
import { addNetworkCommand } from './commands/network.ts';
import { addRequesterCommand } from './commands/requester.ts';
import { addRunCommand } from './commands/run.ts';
import { addSecretsCommand } from './commands/secrets.ts';
import { addStatusCommand } from './commands/status.ts';
import { addTaskCommand } from './commands/task.ts';
import { addUpCommand } from './commands/up.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { addWalletCommand } from './commands/wallet.ts';
import { addWorkerpoolCommand } from './commands/workerpool.ts';
import { printFailure, toJson } from './output/printer.ts';
import { watchInterrupts } from './session.ts';

const VERSION = '0.1.0';
const json = ownArguments(process.argv).includes('--json');

function createProgram(): Command {
  const program = new Command('gleaner')
    .description('Run programs on strangers’ machines that check each other, or earn with yours.')
    .version(VERSION)
    .option('--data <dir>', 'folder of the network', '.gleaner')
    .option('--json', 'print one JSON value instead of text', false)
    .option('--as <who>', 'act as: a development role (requester, appOwner, …) or an address of the wallet', 'requester')
    .option('--password-file <file>', 'file with the password of the wallet key')
    .showHelpAfterError('(gleaner help shows the commands)')
    .exitOverride();
  const adders = [
    addUpCommand,
    addDownCommand,
    addStatusCommand,
    addDoctorCommand,
    addRunCommand,
    addDemoCommand,
    addAppCommand,
    addDatasetCommand,
    addRequesterCommand,
    addDealCommand,
    addTaskCommand,
    addVerifyCommand,
    addWalletCommand,
    addAccountCommand,
    addWorkerpoolCommand,
    addNetworkCommand,
    addSecretsCommand,
  ];
  for (const add of adders) add(program);
  inheritSettings(program);
  return program;
}

/** Global options may stand after the command too, and a usage error anywhere ends in an exit code instead of a throw past us. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.exitOverride();
    if (command.commands.length === 0) {
      command
        .option('--data <dir>', 'folder of the network')
        .option('--json', 'print one JSON value instead of text')
        .option('--as <who>', 'account to act as')
        .option('--password-file <file>', 'file with the password of the wallet key');
    }
    inheritSettings(command);
  }
}

/** What stands after `--` belongs to the program that is run. */
function ownArguments(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

/** Help and version are no failure; a wrong call is one, also for programs that read JSON. */
function usageExit(error: CommanderError): number {
  if (error.exitCode === 0) return 0;
  const message = error.code === 'commander.help' ? 'No command was given' : error.message.replace(/^error: /, '');
  if (json) process.stdout.write(`${toJson(new GleanerError('bad-request', message).toBody())}\n`);
  return 2;
}

watchInterrupts();
try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = usageExit(error);
  else process.exitCode = printFailure(error, json);
}
if (process.exitCode !== undefined && process.exitCode !== 0) process.exit();
