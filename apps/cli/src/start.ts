/**
 * `npm start`: a network in ./.gleaner, one demo task, and then it stays up. `--once` prints the demo's receipt as JSON on the
 * last line and stops what it started. A network that runs from the same folder already is used and left running.
 */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Network, type RunningNetwork, status } from '@gleaner/localnet';
import { GleanerError } from '@gleaner/primitives';
import { type DemoReceipt, runDemo } from './demo/runDemo.ts';
import { startNetwork } from './network/startNetwork.ts';
import { createPrinter, type Printer, printFailure, toJson } from './output/printer.ts';
import { interrupted, watchInterrupts } from './session.ts';

watchInterrupts();
try {
  const { once: isOnce, data } = readOptions();
  await start(resolve(data), isOnce);
} catch (error) {
  process.exitCode = printFailure(error, process.argv.includes('--once'));
}
process.exit();

function readOptions() {
  try {
    return parseArgs({ options: { once: { type: 'boolean', default: false }, data: { type: 'string', default: '.gleaner' } } }).values;
  } catch (error) {
    throw new GleanerError('bad-request', `npm start takes -- [--once] [--data DIR]: ${(error as Error).message}`, { cause: error });
  }
}

async function start(dataDir: string, isOnce: boolean): Promise<void> {
  const printer = createPrinter(false);
  const signal = interrupted();
  const startMs = performance.now();
  const current = (await status(dataDir)).network;
  const running = current === undefined ? await bringUp(dataDir, printer, signal) : undefined;
  let receipt: DemoReceipt;
  try {
    const network = current ?? (running as RunningNetwork).network;
    receipt = await runDemo(network, { dataDir, printer, signal });
    const startupMs = Math.round(performance.now() - startMs);
    if (!isOnce) await stayUp({ dataDir, network, receipt, startupMs }, printer, signal);
  } finally {
    await running?.close();
  }
  if (isOnce) process.stdout.write(`${toJson({ ok: true, ...receipt })}\n`);
}

function bringUp(dataDir: string, printer: Printer, signal: AbortSignal): Promise<RunningNetwork> {
  const { DATABASE_URL: databaseUrl } = process.env;
  return startNetwork({
    dataDir,
    workers: 5,
    ...(databaseUrl ? { databaseUrl } : {}),
    onProgress: ({ stage, part, elapsedMs }) => printer.note(`${(elapsedMs / 1000).toFixed(1).padStart(6)} s  ${stage} ${part}`),
    signal,
  });
}

interface Started {
  readonly dataDir: string;
  readonly network: Network;
  readonly receipt: DemoReceipt;
  readonly startupMs: number;
}

async function stayUp({ dataDir, network, receipt: { taskId }, startupMs }: Started, printer: Printer, signal: AbortSignal): Promise<void> {
  printer.line('');
  printer.line(`The network is up (${(startupMs / 1000).toFixed(1)} s): ${dataDir}/network.json`);
  if (network.portalUrl !== undefined) printer.line(`Portal: ${network.portalUrl}`);
  printer.line('Try: npx gleaner run programs/go-move/go-move.wasm -- --size 9 --moves "E5 C3"');
  printer.line(`     npx gleaner task show ${taskId}`);
  printer.line('Ctrl-C stops it.');
  if (!signal.aborted) await once(signal, 'abort');
  printer.note('Stopping…');
}
