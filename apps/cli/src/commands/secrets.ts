import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { GleanerError, show } from '@gleaner/primitives';
import { KEY_FILE, rotateKeyOf, verifyLogOf } from '@gleaner/secrets';
import type { Command } from 'commander';
import { type CommonOptions, dataDirOf, printerOf } from '../session.ts';
import { optionsOf } from './options.ts';

interface VerifyArguments extends CommonOptions {
  readonly expect?: string;
  readonly keyFile?: string;
}

export function addSecretsCommand(program: Command): void {
  const secrets = program.command('secrets').description('the secret service of a network, for whoever runs it');

  secrets
    .command('verify-log')
    .description('check every line of the log of secrets: of DATABASE_URL, else of the data folder of a network that is down')
    .option('--expect <head>', 'a head that was noted earlier, <lines>:<hash>; shows whether anything before was changed or cut off')
    .option('--key-file <file>', 'key of the service; default: the one in the data folder')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<VerifyArguments>(command);
      const dataDir = dataDirOf(options);
      const expected = options.expect === undefined ? undefined : parseHead(options.expect);
      const keyFile = options.keyFile ?? join(dataDir, 'secrets', KEY_FILE);
      const { sequence, hash } = await verifyLogOf(await findDatabase(dataDir), keyFile, expected);
      const printer = printerOf(options);
      printer.line(`The log is sound: ${sequence} lines`);
      printer.line(`Head ${sequence}:${hash}`);
      printer.result({ lines: sequence, head: `${sequence}:${hash}` });
    });

  secrets
    .command('rotate-key')
    .summary('give the secret service another key')
    .description(
      'Seals all secrets anew with a new key, in one step, and replaces the file of the key. Stop the service first; one that runs meanwhile opens and writes nothing more until it is started again. Killed half-way, run it again. Works on DATABASE_URL, else on the data folder of a network that is down.',
    )
    .option('--key-file <file>', 'key of the service; default: the one in the data folder. The new one is made beside it')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<VerifyArguments>(command);
      const dataDir = dataDirOf(options);
      const keyFile = options.keyFile ?? join(dataDir, 'secrets', KEY_FILE);
      const { secrets: count, answers, resumed } = await rotateKeyOf(await findDatabase(dataDir), keyFile);
      const printer = printerOf(options);
      printer.line(resumed ? 'A rotation that was cut off is at its end now' : `Sealed anew: ${count} secrets, ${answers} keys of answers`);
      printer.line(`The key in ${keyFile} is new; back it up. Copies of the old one open nothing of this database any more`);
      printer.result({ keyFile, secrets: count, answers, resumed });
    });
}

async function findDatabase(dataDir: string): Promise<{ url: string } | { dataDir: string }> {
  const url = process.env['DATABASE_URL'];
  if (url) return { url };
  const folder = join(dataDir, 'db');
  await access(folder).catch((cause: unknown) => {
    throw new GleanerError('data-unreadable', `There is no database in ${folder}; name a data folder, or set DATABASE_URL`, {
      details: { path: folder },
      cause,
    });
  });
  return { dataDir: folder };
}

function parseHead(text: string): { sequence: bigint; hash: string } {
  const [, lines = '', hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (lines !== '') return { sequence: BigInt(lines), hash };
  throw new GleanerError('bad-request', `--expect takes <lines>:<hash> as verify-log prints it, got ${show(text)}`, {
    details: { option: '--expect', value: show(text) },
  });
}
