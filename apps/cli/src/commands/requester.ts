import type { Command } from 'commander';
import { ensureResultKey } from '../secrets/resultKey.ts';
import { addSecretCommands } from '../secrets/secretCommands.ts';
import { type CommonOptions, resolveAddress, withSession } from '../session.ts';
import { optionsOf } from './options.ts';

export function addRequesterCommand(program: Command): void {
  const requester = program.command('requester').description('secrets of who asks for runs (docs/secrets.md)');

  addSecretCommands(requester, {
    argument: 'name',
    pushes: 'give a secret of --as to the secret service, for good; runs name it: gleaner run --secret 1=<name>',
    checks: 'whether the secret service has a secret of this name',
    ofWhom: 'address or role',
    placeOf: (session, name, owner) => ({
      kind: 'requester',
      name,
      requester: resolveAddress(owner ?? session.as, session.network),
    }),
  });

  requester
    .command('result-key')
    .summary('the key to which results of --as are encrypted')
    .description(
      'Makes a pair of keys in the data folder if there is none, and gives its public half to the secret service.\ngleaner run --encrypt does the same. Keep the private half: without it encrypted results are lost.',
    )
    .option('--replace', 'take the place of a key that was made elsewhere', false)
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<CommonOptions & { replace: boolean }>(command);
      await withSession(options, async (session) => {
        const { account, path } = await ensureResultKey(session, options);
        session.printer.line(`Results of ${account} can be encrypted; their key is ${path}`);
        session.printer.result({ account, path });
      });
    });
}
