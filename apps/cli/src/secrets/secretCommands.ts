import { hasSecret, pushSecret, type SecretPlace } from '@gleaner/sdk';
import type { Command } from 'commander';
import { optionsOf } from '../commands/options.ts';
import { type CommonOptions, type Session, withSession } from '../session.ts';
import { readSecretValue } from './readSecretValue.ts';

/** A kind of secrets as the command line speaks of it. */
export interface SecretNoun {
  /** What the argument names: `dataset`, `app`, `name`. */
  readonly argument: string;
  readonly pushes: string;
  readonly checks: string;
  placeOf(session: Session, target: string, owner?: string): SecretPlace;
  /** Set when secrets of another account can be asked for. */
  readonly ofWhom?: string;
}

interface PushOptions extends CommonOptions {
  readonly valueFile?: string;
}

/** Adds `push-secret` and `check-secret` to a noun. */
export function addSecretCommands(parent: Command, { argument, pushes, checks, placeOf, ofWhom }: SecretNoun): void {
  parent
    .command('push-secret')
    .description(pushes)
    .argument(`<${argument}>`)
    .option('--value-file <file>', 'file with the value; else it is asked for at the terminal')
    .action(async (target: string, _: unknown, command: Command) => {
      const options = optionsOf<PushOptions>(command);
      await withSession(options, async (session) => {
        const place = placeOf(session, target);
        await pushSecret(session.gleaner, { place, value: await readSecretValue(options.valueFile) });
        session.printer.line('The secret service has it now');
        session.printer.result({ ...place, pushed: true });
      });
    });

  const check = parent.command('check-secret').description(checks).argument(`<${argument}>`);
  if (ofWhom !== undefined) check.argument(`[${ofWhom}]`, 'whose (default: the account named by --as)');
  check.action(async (target: string, ...rest: readonly unknown[]) => {
    const command = rest.at(-1) as Command;
    const owner = ofWhom === undefined || typeof rest[0] !== 'string' ? undefined : rest[0];
    await withSession(
      optionsOf<CommonOptions>(command),
      async (session) => {
        const place = placeOf(session, target, owner);
        const exists = await hasSecret(session.gleaner, place);
        session.printer.line(exists ? 'The secret service has it' : 'The secret service has none');
        session.printer.result({ ...place, exists });
      },
      { readOnly: true },
    );
  });
}
