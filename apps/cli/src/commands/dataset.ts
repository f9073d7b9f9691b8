import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { writeSecretFile } from '@gleaner/keys';
import { fileError } from '@gleaner/localnet';
import { decodeMultiaddr } from '@gleaner/protocol';
import { encryptDataset, getAsset, hasSecret, listOpenOrders, publishDataset } from '@gleaner/sdk';
import type { Command } from 'commander';
import { formatRlc, parseRlc } from '../output/amounts.ts';
import { table } from '../output/table.ts';
import { addSecretCommands } from '../secrets/secretCommands.ts';
import { type CommonOptions, printerOf, readUserFile, resolveAddress, type Session, withSession } from '../session.ts';
import { optionsOf, parseCount } from './options.ts';

interface PublishOptions extends CommonOptions {
  readonly name?: string;
  readonly price: string;
  readonly volume: string;
  readonly app?: string;
}

interface EncryptOptions extends CommonOptions {
  readonly out?: string;
  readonly keyFile?: string;
}

export function addDatasetCommand(program: Command): void {
  const dataset = program.command('dataset').description('sell the use of data without giving it away (docs/confidential-tasks.md)');

  dataset
    .command('encrypt')
    .description('encrypt a file as enclaves and stock clients open it; nothing is sent')
    .argument('<file>')
    .option('--out <file>', 'encrypted file (default: <file>.enc)')
    .option('--key-file <file>', 'new file for the key, readable by you only (default: <file>.key)')
    .action(async (file: string, _: unknown, command: Command) => encrypt(file, optionsOf<EncryptOptions>(command)));

  dataset
    .command('publish')
    .summary('encrypt a file, register it, push its key and sell its use')
    .description(
      'Encrypts the file with a fresh key, adds it to the content store, registers it, gives the key to the secret service and puts an order into the book.\nName the app that you trust with --app: a program can write what it reads into its result.',
    )
    .argument('<file>')
    .option('--name <name>', 'name of the data set (default: that of the file)')
    .option('--price <rlc>', 'price of one use, in RLC', '0')
    .option('--volume <n>', 'uses that the order sells', '1000000')
    .option('--app <address>', 'the only app that may read it (default: any)')
    .action(async (file: string, _: unknown, command: Command) => {
      const options = optionsOf<PublishOptions>(command);
      await withSession(options, (session) => publish(session, file, options));
    });

  dataset
    .command('show')
    .description('what a data set is, whether its key is known to the secret service, and what it costs')
    .argument('<dataset>')
    .action(async (target: string, _: unknown, command: Command) => {
      await withSession(optionsOf<CommonOptions>(command), (session) => show(session, target), { readOnly: true });
    });

  addSecretCommands(dataset, {
    argument: 'dataset',
    pushes: 'give the key of a data set of --as to the secret service, for good',
    checks: 'whether the secret service has the key of a data set',
    placeOf: ({ network }, target) => ({ kind: 'dataset', dataset: resolveAddress(target, network) }),
  });
}

async function encrypt(file: string, options: EncryptOptions): Promise<void> {
  const { out = `${file}.enc`, keyFile = `${file}.key` } = options;
  const { encrypted, key, checksum } = await encryptDataset(await readUserFile(file, 'input-missing'));
  await writeSecretFile(keyFile, `${key}\n`);
  await writeFile(out, encrypted, { flag: 'wx' }).catch((error: unknown) => {
    throw fileError(error, out);
  });
  const printer = printerOf(options);
  printer.line(`Encrypted ${out}, checksum ${checksum}`);
  printer.line(`Key ${keyFile}: whoever has it can read the data`);
  printer.result({ path: out, keyPath: keyFile, checksum, sizeBytes: encrypted.length });
}

async function publish({ gleaner, printer, network }: Session, file: string, options: PublishOptions): Promise<void> {
  const terms = {
    name: options.name ?? basename(file),
    price: parseRlc(options.price),
    volume: parseCount(options.volume, '--volume', Number.MAX_SAFE_INTEGER),
    restrictTo: options.app === undefined ? {} : { app: resolveAddress(options.app, network) },
  };
  const data = await encryptDataset(await readUserFile(file, 'input-missing'));
  const published = await publishDataset(gleaner, { data, ...terms });
  printer.line(`Data set ${published.dataset}`);
  printer.line(`Encrypted /ipfs/${published.cid}, order ${published.orderHash}; the secret service alone has the key`);
  printer.line(`Run a program on it with: gleaner run <app> --dataset ${published.dataset}`);
  printer.result(published);
}

async function show({ gleaner, printer, network }: Session, target: string): Promise<void> {
  const dataset = resolveAddress(target, network);
  const info = await getAsset(gleaner, 'dataset', dataset);
  const [records, hasKey] = await Promise.all([
    listOpenOrders(gleaner, 'dataset', { dataset }),
    network.services.smsURL === undefined ? false : hasSecret(gleaner, { kind: 'dataset', dataset }),
  ]);
  const offers = records.map(({ order, orderHash, remaining }) => ({ orderHash, price: order.datasetprice, remaining }));
  const location = decodeMultiaddr(info.multiaddr);
  const rows = [
    ['data set', dataset],
    ['name', info.name],
    ['owner', info.owner],
    ['content', location],
    ['checksum', info.checksum],
    ['key', hasKey ? 'known to the secret service' : 'not known to the secret service'],
    ...offers.map(({ price, remaining }) => ['offer', `${formatRlc(price)} a use, ${remaining} left`]),
  ];
  for (const line of table(rows)) printer.line(line);
  printer.result({ dataset, ...info, location, hasKey, offers });
}
