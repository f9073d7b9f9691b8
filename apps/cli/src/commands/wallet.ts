import { createKeyStore, decodePrivateKey } from '@gleaner/keys';
import { GleanerError } from '@gleaner/primitives';
import type { Command } from 'commander';
import { askSecret } from '../output/ask.ts';
import { type CommonOptions, passwordSource, printerOf, readUserFile, walletFolder } from '../session.ts';
import { optionsOf } from './options.ts';

export function addWalletCommand(program: Command): void {
  const wallet = program.command('wallet').description('keys of this user, encrypted (Web3 v3), in ~/.gleaner/wallet or GLEANER_WALLET');

  wallet
    .command('create')
    .description('make a new key; asks for a password or reads --password-file')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<CommonOptions>(command);
      const { address, path } = await createKeyStore(walletFolder()).create(newPassword(options));
      const printer = printerOf(options);
      printer.line(`${address}\n${path}\nKeep the file and its password: nobody can restore them.`);
      printer.result({ address, path });
    });

  wallet
    .command('import')
    .description('take a private key from a file, or typed at the terminal')
    .option('--key-file <file>', 'file with the key: 0x and 64 hexadecimal digits')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<CommonOptions & { keyFile?: string }>(command);
      const text =
        options.keyFile === undefined
          ? await askSecret('Private key')
          : new TextDecoder().decode(await readUserFile(options.keyFile, 'input-missing'));
      const { address, path } = await createKeyStore(walletFolder()).import(
        decodePrivateKey(text.trim(), 'The private key'),
        newPassword(options),
      );
      const printer = printerOf(options);
      printer.line(`${address}\n${path}`);
      printer.result({ address, path });
    });

  wallet
    .command('list')
    .alias('show')
    .description('addresses of the keys in the wallet')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<CommonOptions>(command);
      const keys = await createKeyStore(walletFolder()).list();
      const printer = printerOf(options);
      for (const { address, path } of keys) printer.line(`${address}  ${path}`);
      if (keys.length === 0) printer.line(`No keys in ${walletFolder()}; make one with: gleaner wallet create`);
      printer.result({ keys });
    });
}

/** A new password: from the file, or typed twice. */
function newPassword({ passwordFile }: CommonOptions): ReturnType<typeof passwordSource> {
  if (passwordFile !== undefined) return passwordSource(passwordFile);
  return async () => {
    const first = await askSecret('New password');
    if (first === (await askSecret('The same again'))) return first;
    throw new GleanerError('key-invalid', 'The two passwords differ');
  };
}
