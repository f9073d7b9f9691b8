import { join } from 'node:path';
import { GleanerError } from '@gleaner/primitives';
import { executionLimits, STANDARD_CATEGORIES } from '@gleaner/protocol';
import type { Limits } from '@gleaner/sandbox';
import type { Command } from 'commander';
import { joinedLine } from '../bag/joinedLine.ts';
import { type JoinedFile, joinResults } from '../bag/joinResults.ts';
import { parseJoin } from '../bag/parseJoin.ts';
import type { Printer } from '../output/printer.ts';
import { assertArguments } from '../program/assertArguments.ts';
import { type LocalProgram, loadProgram } from '../program/loadProgram.ts';
import { type CommonOptions, dataDirOf, interrupted, printerOf, readInputs } from '../session.ts';
import { tryLines } from '../try/tryLines.ts';
import { tryProgram } from '../try/tryProgram.ts';
import { type TryResult, tryTerms } from '../try/tryTask.ts';
import { collect, optionsOf, parseCount } from './options.ts';

interface TryCommandOptions extends CommonOptions {
  readonly input: readonly string[];
  readonly tasks: string;
  readonly index?: string;
  readonly category: string;
  readonly fuel?: string;
  readonly out?: string;
  readonly join?: string;
  readonly twice: boolean;
  readonly check: boolean;
}

export function addAppTryCommand(app: Command): void {
  app
    .command('try')
    .summary('run a program here, metered as workers meter it')
    .description(
      'Runs a WASI module on this machine exactly as a worker runs it: same arguments, environment, limits, metering and digest. Needs no network.\nArguments after -- go to the program.',
    )
    .argument('<program>', 'a .wasm file, or the folder of a program')
    .argument('[args...]', 'arguments of the program, after --')
    .option('--input <file>', 'input file, seen by the program in /iexec_in (repeatable)', collect, [])
    .option('--tasks <n>', 'try a whole bag of n tasks, and join its results', '1')
    .option('--index <i>', 'only this task of the bag, from 0')
    .option('--category <id>', 'size class whose limits hold', '0')
    .option('--fuel <n>', 'fuel limit instead of that of the category')
    .option('--join <how>', 'concatenate:PATH, csv:PATH, json-array:PATH or none, instead of what the manifest says')
    .option('--out <dir>', 'folder for the results (default: try/<program> in the data folder)')
    .option('--no-twice', 'do not run everything a second time to see whether it repeats')
    .option('--no-check', 'do not hold the arguments against the manifest')
    .action(async (target: string, args: string[], _: unknown, command: Command) => {
      await tryApp(target, args, optionsOf<TryCommandOptions>(command));
    });
}

async function tryApp(target: string, args: readonly string[], options: TryCommandOptions): Promise<void> {
  const printer = printerOf(options);
  const signal = interrupted();
  const program = await loadProgram(target);
  if (program.remark !== undefined) printer.note(`Note: ${program.remark}`);
  const inputs = await readInputs(options.input);
  if (options.check) assertArguments(program.manifest, args, inputs.length);
  const tasks = Number(parseCount(options.tasks, '--tasks', 10_000));
  const limits = limitsOf(options);
  const outDir = options.out ?? join(dataDirOf(options), 'try', program.name);
  const terms = await tryTerms(program.bytes, { args, inputs, tasks });
  printer.line(`Program ${program.name}, ${program.bytes.length} bytes${program.manifest ? '' : ', without a manifest'}`);
  const onResult = (result: TryResult, same: boolean | undefined) => printLines(printer, result, limits, same);
  const { results, same } = await tryProgram(terms, {
    indexes: indexesOf(options, tasks),
    outDir,
    limits,
    twice: options.twice,
    signal,
    onResult,
  });
  const joined = await joinTried(program, results, { options, tasks, outDir, limits, signal });
  if (joined !== undefined) printer.line(joinedLine(joined));
  if (results.some(({ status }) => status === 'FAILED')) process.exitCode = 3;
  if (same === false) process.exitCode = 1;
  printer.result({
    program: program.name,
    limits,
    ...(same === undefined ? {} : { repeatable: same }),
    tasks: results.map(toJson),
    ...(joined && { joined }),
  });
}

function printLines(printer: Printer, result: TryResult, limits: Limits, same: boolean | undefined): void {
  for (const line of ['', ...tryLines(result, limits, same)]) printer.line(line);
}

function toJson({ result, ...run }: TryResult) {
  return { ...run, ...(result && { resultDigest: result.digest, digestRule: result.rule }) };
}

function limitsOf({ category, fuel }: TryCommandOptions): Limits {
  const known = STANDARD_CATEGORIES[Number(parseCount(category, '--category', STANDARD_CATEGORIES.length - 1, 0))];
  if (known === undefined) throw new GleanerError('category-unknown', `There is no category ${category}`);
  const limits = executionLimits(known.workClockTimeRef);
  return fuel === undefined ? limits : { ...limits, fuel: parseCount(fuel, '--fuel', Number.MAX_SAFE_INTEGER) };
}

function indexesOf({ index }: TryCommandOptions, tasks: number): number[] {
  if (index === undefined) return Array.from({ length: tasks }, (_, position) => position);
  return [Number(parseCount(index, '--index', tasks - 1, 0))];
}

/** The joined result of a bag that ran as a whole. */
async function joinTried(
  program: LocalProgram,
  results: readonly TryResult[],
  {
    options,
    tasks,
    outDir,
    limits,
    signal,
  }: { options: TryCommandOptions; tasks: number; outDir: string; limits: Limits; signal: AbortSignal },
): Promise<JoinedFile | undefined> {
  const how = parseJoin(options.join, program.manifest);
  const isWhole = results.length === tasks && results.every(({ status }) => status === 'COMPLETED');
  if (how === undefined || !isWhole || (tasks === 1 && options.join === undefined)) return undefined;
  const parts = results.map(({ index, resultPath }) => ({ position: index, folder: resultPath }));
  return await joinResults({ join: how, parts, size: tasks, outDir, program: program.bytes, limits, signal });
}
