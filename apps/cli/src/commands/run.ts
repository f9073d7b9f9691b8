import { basename, join } from 'node:path';
import { GleanerError, isGleanerError, show } from '@gleaner/primitives';
import { type AppOrder, enclaveNotice, joinArgs, type ProgramManifest, type RequestParams, type Signed, trustOf } from '@gleaner/protocol';
import {
  addContent,
  assertCanPay,
  type Gleaner,
  getTask,
  listParts,
  type MatchedRun,
  matchRun,
  type Quote,
  quoteRun,
  registerProgram,
  signAppOrder,
  type TaskRecord,
} from '@gleaner/sdk';
import type { Command } from 'commander';
import { fetchParts } from '../bag/fetchParts.ts';
import { joinDeal } from '../bag/joinDeal.ts';
import { joinedLine } from '../bag/joinedLine.ts';
import { parseJoin } from '../bag/parseJoin.ts';
import { parseRlc } from '../output/amounts.ts';
import { askYes } from '../output/ask.ts';
import { assertClaimable, namesIn } from '../output/claimFolder.ts';
import { assertArguments } from '../program/assertArguments.ts';
import { type RunProgram, readProgram } from '../program/readProgram.ts';
import { followDeal } from '../run/followDeal.ts';
import { quoteLines } from '../run/quoteLines.ts';
import { runSummary, summaryLines } from '../run/runSummary.ts';
import { ensureResultKey, findResultKey } from '../secrets/resultKey.ts';
import { type CommonOptions, readInputs, resolveAddress, type Session, withSession } from '../session.ts';
import { collect, optionsOf, parseCount } from './options.ts';

interface RunOptions extends CommonOptions {
  readonly input: readonly string[];
  readonly tasks: string;
  readonly confidence?: string;
  readonly trust?: string;
  readonly category: string;
  readonly maxPrice?: string;
  readonly workerpool?: string;
  readonly out?: string;
  readonly yes: boolean;
  readonly quoteOnly: boolean;
  readonly encrypt: boolean;
  readonly dataset?: string;
  readonly secret: readonly string[];
  readonly join?: string;
  readonly check: boolean;
}

/** Three fresh workers must agree. */
const DEFAULT_TRUST = 5n;

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .summary('run a program on machines that check each other')
    .description(
      'Runs a WASI module or a registered app: quote, deal, sandboxes, consensus, result.\nArguments after -- go to the program. Ctrl-C detaches: the deal goes on and can be followed.',
    )
    .argument('<program>', 'a .wasm file, the folder of a program, or the address of a registered app')
    .argument('[args...]', 'arguments of the program, after --')
    .option('--input <file>', 'input file, seen by the program in /iexec_in (repeatable)', collect, [])
    .option('--tasks <n>', 'number of tasks; they differ by IEXEC_TASK_INDEX', '1')
    .option('--confidence <c>', 'how sure the result must be, for example 0.999 (default 0.8: trust 5, three agreeing fresh workers)')
    .option('--trust <t>', 'the same as a number: confidence = 1 - 1/t; 1 and 2 mean one worker, unchecked')
    .option('--category <id>', 'size class, sets the time limits', '0')
    .option('--max-price <rlc>', 'most to pay for one task, in RLC')
    .option('--workerpool <address>', 'only this pool')
    .option('--out <dir>', 'new or empty folder for the results (default: results/<deal> in the data folder)')
    .option('--join <how>', 'concatenate:PATH, csv:PATH, json-array:PATH or none, instead of what the program says')
    .option('--no-check', 'do not hold the arguments against the manifest of the program')
    .option('--encrypt', 'encrypt the result for the requester, in an enclave; its key is kept in the data folder', false)
    .option('--dataset <address>', 'data set that the program reads')
    .option('--secret <n=name>', 'secret of the requester that the program sees as IEXEC_REQUESTER_SECRET_<n> (repeatable)', collect, [])
    .option('--quote-only', 'show the quote and stop', false)
    .option('-y, --yes', 'do not ask before money is locked', false)
    .action(async (target: string, args: string[], _: unknown, command: Command) => {
      const options = optionsOf<RunOptions>(command);
      await withSession(options, (session) => run(session, target, args, options));
    });
}

async function run(session: Session, target: string, args: readonly string[], options: RunOptions): Promise<void> {
  const { gleaner, printer } = session;
  const program = await readProgram(gleaner, target);
  const inputs = await readInputs(options.input);
  if (program.kind === 'wasm' && program.remark !== undefined) printer.note(`Note: ${program.remark}`);
  if (options.check) assertArguments(program.manifest, args, inputs.length);
  parseJoin(options.join, program.manifest);
  const tasks = parseCount(options.tasks, '--tasks', 10_000);
  if (options.out !== undefined) await assertRoomFor(tasks, options.out);
  const secrets = parseSecrets(options.secret);
  const quote = await quoteRun(gleaner, {
    ...confidentialTerms(session, options),
    ...(program.kind === 'app' ? { app: program.app } : {}),
    tasks,
    trust: trustFrom(options),
    category: parseCount(options.category, '--category', 255, 0),
    ...(options.workerpool === undefined ? {} : { workerpool: resolveAddress(options.workerpool, session.network) }),
    ...(options.maxPrice === undefined ? {} : { maxPrice: parseRlc(options.maxPrice) }),
  });
  for (const line of quoteLines(quote)) printer.line(line);
  const notice = enclaveNotice({ tag: quote.tag, chainId: gleaner.network.chainId });
  if (notice !== undefined) printer.line(`Enclave: ${notice}`);
  if (options.quoteOnly) return printer.result({ quote: withoutOrders(quote) });
  if (!options.yes && !(await askYes('Lock this amount and run?'))) throw new GleanerError('aborted', 'Cancelled; nothing was locked');
  if (options.encrypt) await ensureResultKey(session);
  const confidential = { ...(options.encrypt && { iexec_result_encryption: true }), ...(secrets && { iexec_secrets: secrets }) };
  const deal = await start(session, program, quote, { args, inputs, confidential });
  await follow(session, deal, quote, { ...options, manifest: program.manifest });
}

/** The parts of a bag lie in folders of their own, named by their places. @throws {GleanerError} bad-request, data-unreadable */
async function assertRoomFor(tasks: bigint, out: string): Promise<void> {
  if (tasks === 1n) return await assertClaimable(out);
  if (((await namesIn(out)) ?? []).length === 0) return;
  for (let place = 0n; place < tasks; place += 1n) await assertClaimable(join(out, `${place}`));
}

interface RunContent {
  readonly args: readonly string[];
  readonly inputs: readonly { path: string; bytes: Uint8Array }[];
  readonly confidential: RequestParams;
}

async function start(
  { gleaner, printer }: Session,
  program: RunProgram,
  quote: Quote,
  { args, inputs, confidential }: RunContent,
): Promise<MatchedRun> {
  await assertCanPay(gleaner, quote.total);
  const locations = [];
  for (const { path, bytes } of inputs) {
    const cid = await addContent(gleaner, bytes, basename(path));
    locations.push(new URL(`/ipfs/${cid}`, gleaner.network.services.ipfsGatewayURL).href);
  }
  const appOrder = quote.appOrder ?? (await ownAppOrder(gleaner, program, quote));
  const deal = await matchRun(gleaner, {
    quote,
    appOrder,
    params: {
      ...(args.length > 0 ? { iexec_args: joinArgs(args) } : {}),
      ...(locations.length > 0 ? { iexec_input_files: locations } : {}),
      ...confidential,
    },
  });
  printer.note(`Deal ${deal.dealId}, ${deal.taskIds.length === 1 ? `task ${deal.taskIds[0]}` : `${deal.taskIds.length} tasks`}`);
  return deal;
}

async function ownAppOrder(gleaner: Gleaner, program: RunProgram, quote: Quote): Promise<Signed<AppOrder>> {
  if (program.kind !== 'wasm') throw new GleanerError('no-matching-order', 'The app has no open order');
  const { app } = await registerProgram(gleaner, { bytes: program.bytes, name: program.name });
  return await signAppOrder(gleaner, { app, price: 0n, volume: quote.tasks, tag: quote.tag });
}

async function follow(
  session: Session,
  deal: MatchedRun,
  quote: Quote,
  options: RunOptions & { readonly manifest: ProgramManifest | undefined },
): Promise<void> {
  const { gleaner, printer, signal, dataDir } = session;
  try {
    await followDeal(gleaner, deal.dealId, { printer, schedulerUrl: quote.schedulerUrl, signal });
  } catch (error) {
    if (!isGleanerError(error) || error.code !== 'aborted') throw error;
    printer.line(`Detached. The deal goes on; follow it with: gleaner deal show ${deal.dealId} --watch`);
    return printer.result({ dealId: deal.dealId, taskIds: deal.taskIds, detached: true });
  }
  const outDir = options.out ?? join(dataDir, 'results', deal.dealId);
  const { tasks, results, joined } = await gatherResults(session, deal, { ...options, outDir });
  const summary = { ...(await runSummary(gleaner, { deal, quote, tasks, results })), ...(joined && { joined }) };
  for (const line of summaryLines(summary)) printer.line(line);
  if (joined !== undefined) printer.line(joinedLine(joined));
  if (tasks.some(({ status }) => status !== 'completed')) {
    process.exitCode = 3;
    if (tasks.length > 1) printer.line(`Run the failed parts again with: gleaner deal retry ${deal.dealId}`);
  }
  printer.result(summary);
}

/** What the chain says of each task, the results of those that completed, and one result of them all when nothing is missing. */
async function gatherResults(
  { gleaner, printer, signal, dataDir }: Session,
  { dealId, taskIds }: MatchedRun,
  { outDir, join: how, manifest }: { outDir: string; join?: string; manifest: ProgramManifest | undefined },
) {
  const tasks: TaskRecord[] = [];
  for (const taskId of taskIds) tasks.push(await getTask(gleaner, taskId));
  const { deal, parts } = await listParts(gleaner, dealId);
  const onProgress = ({ done, total }: { done: number; total: number }) => printer.note(`  ${done} of ${total} results fetched`);
  const key = await findResultKey(dataDir, deal.beneficiary);
  const finished = await fetchParts(gleaner, { deal, parts, outDir, key, onProgress });
  const results = new Map(finished.map(({ position, folder }) => [`${taskIds[position]}`, folder]));
  if (finished.length < parts.length) return { tasks, results };
  const joined = await joinDeal(gleaner, deal, { parts: finished, outDir, how, manifest, signal });
  return { tasks, results, ...(joined && { joined }) };
}

/** What makes a run confidential; then pools without enclaves are not asked. */
function confidentialTerms({ network }: Session, { encrypt, dataset, secret }: RunOptions) {
  const enclave = encrypt || secret.length > 0;
  return { enclave, ...(dataset === undefined ? {} : { dataset: resolveAddress(dataset, network) }) };
}

/** `1=name` pairs. @throws {GleanerError} bad-request */
function parseSecrets(pairs: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (pairs.length === 0) return undefined;
  const found = pairs.map((pair) => {
    const [, number = '', name = ''] = /^([1-9]\d{0,3})=([0-9A-Za-z\-_]{1,64})$/.exec(pair) ?? [];
    if (number !== '') return [number, name] as const;
    throw new GleanerError('bad-request', `--secret takes <n>=<name>, for example 1=token, got ${show(pair)}`, {
      details: { option: '--secret', value: show(pair) },
    });
  });
  return Object.fromEntries(found);
}

function trustFrom({ confidence, trust }: RunOptions): bigint {
  if (confidence !== undefined && trust !== undefined) {
    throw new GleanerError('bad-request', '--confidence and --trust say the same thing; give one of them', {
      details: { confidence, trust },
    });
  }
  if (trust !== undefined) return parseCount(trust, '--trust', Number.MAX_SAFE_INTEGER);
  return confidence === undefined ? DEFAULT_TRUST : trustOf(confidence);
}

function withoutOrders({ workerpoolOrder: _, appOrder: __, ...quote }: Quote) {
  return quote;
}
