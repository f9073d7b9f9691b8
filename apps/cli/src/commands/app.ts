import { access } from 'node:fs/promises';
import { decodeMultiaddr } from '@gleaner/protocol';
import { ENCLAVE_TAG, type Gleaner, listOpenOrders, publishApp } from '@gleaner/sdk';
import type { Command } from 'commander';
import { sha256 } from 'viem';
import { formatRlc, parseRlc } from '../output/amounts.ts';
import type { Printer } from '../output/printer.ts';
import { table } from '../output/table.ts';
import { loadProgram } from '../program/loadProgram.ts';
import { manifestLines } from '../program/manifestLines.ts';
import { appManifest } from '../program/readProgram.ts';
import { addSecretCommands } from '../secrets/secretCommands.ts';
import { type CommonOptions, printerOf, resolveAddress, type Session, withSession } from '../session.ts';
import { addAppInitCommand } from './appInit.ts';
import { addAppTryCommand } from './appTry.ts';
import { optionsOf, parseCount } from './options.ts';

interface PublishOptions extends CommonOptions {
  readonly name?: string;
  readonly price: string;
  readonly volume: string;
  readonly enclave: boolean;
}

export function addAppCommand(program: Command): void {
  const app = program.command('app').description('try, publish and look at programs');

  addAppInitCommand(app);
  addAppTryCommand(app);

  app
    .command('publish')
    .description('check a WASI module, register it as an app and sell its use')
    .argument('<program>', 'a .wasm file, or the folder of a program')
    .option('--name <name>', 'name of the app (default: that of the file or the manifest)')
    .option('--price <rlc>', 'price of one run, in RLC', '0')
    .option('--volume <n>', 'runs that the order sells', '1000000')
    .option('--enclave', 'sell runs in enclaves only: with secrets, data sets, encrypted results', false)
    .action(async (target: string, _: unknown, command: Command) => {
      const options = optionsOf<PublishOptions>(command);
      await withSession(options, async ({ gleaner, printer }) => {
        const { bytes, name, remark } = await loadProgram(target);
        if (remark !== undefined) printer.note(`Note: ${remark}`);
        const published = await publishApp(gleaner, {
          bytes,
          name: options.name ?? name,
          price: parseRlc(options.price),
          volume: parseCount(options.volume, '--volume', Number.MAX_SAFE_INTEGER),
          ...(options.enclave && { tag: ENCLAVE_TAG }),
        });
        printer.line(`App ${published.app}${published.existed ? ' (was registered before)' : ''}`);
        printer.line(`Program /ipfs/${published.cid}, order ${published.orderHash}`);
        printer.line(`Run it with: gleaner run ${published.app}`);
        printer.result(published);
      });
    });

  app
    .command('show')
    .description('what a program is and how it is called; of a registered app, what it costs too')
    .argument('<program>', 'the address of an app, a .wasm file, or the folder of a program')
    .action(async (target: string, _: unknown, command: Command) => {
      const options = optionsOf<CommonOptions>(command);
      if (await isHere(target)) return await showLocal(target, printerOf(options));
      await withSession(options, (session) => showApp(session, target), { readOnly: true });
    });

  addSecretCommands(app, {
    argument: 'app',
    pushes: 'give the secret of an app of --as to the secret service, for good: every enclave that runs the app sees it',
    checks: 'whether the secret service has the secret of an app',
    placeOf: ({ network }, target) => ({ kind: 'app', app: resolveAddress(target, network) }),
  });
}

/** A path on this machine; addresses and roles are names of apps. */
async function isHere(target: string): Promise<boolean> {
  return await access(target).then(
    () => true,
    () => /\.wasm$|[/\\]/i.test(target),
  );
}

async function showLocal(target: string, printer: Printer): Promise<void> {
  const { name, bytes, manifest } = await loadProgram(target);
  const lines = manifest === undefined ? [`${name}: ${bytes.length} bytes, without a manifest`] : manifestLines(manifest, target);
  for (const line of lines) printer.line(line);
  printer.result({ name, sizeBytes: bytes.length, checksum: sha256(bytes), ...(manifest && { manifest }) });
}

async function showApp({ gleaner, printer, network }: Session, target: string): Promise<void> {
  const app = resolveAddress(target, network);
  const info = await gleaner.assets.getApp(app);
  const location = decodeMultiaddr(info.multiaddr);
  const offers = await offersOf(gleaner, app);
  const manifest = await appManifest(gleaner, app);
  const rows = [
    ['app', app],
    ['name', info.name],
    ['owner', info.owner],
    ['type', info.type],
    ['program', location],
    ['checksum', info.checksum],
    ...offers.map(({ price, remaining }) => ['offer', `${formatRlc(price)} a run, ${remaining} left`]),
  ];
  for (const line of table(rows)) printer.line(line);
  if (manifest !== undefined) for (const line of ['', ...manifestLines(manifest, app)]) printer.line(line);
  printer.result({ app, ...info, location, offers, ...(manifest && { manifest }) });
}

async function offersOf(gleaner: Gleaner, app: `0x${string}`) {
  const orders = await listOpenOrders(gleaner, 'app', { app });
  return orders.map(({ order, orderHash, remaining }) => ({ orderHash, price: order.appprice, remaining }));
}
