import { type Address, type DealId, GleanerError, type Hex, type TaskId } from '@gleaner/primitives';
import { executionEnvironment, inputName, parseParams, splitArgs } from '@gleaner/protocol';
import type { Job, Limits } from '../runner/types.ts';

/** What fixes the execution of a task, all of it on chain: every worker, and whoever repeats the run, starts from the same. */
export interface TaskTerms {
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly index: bigint;
  readonly botFirst: bigint;
  readonly botSize: bigint;
  readonly dataset: Address;
  /** Of the request, as it was signed. */
  readonly params: string;
  /** SHA-256 of the program, as the app is registered. */
  readonly checksum: Hex;
}

/** Files on this machine. */
export interface TaskFiles {
  readonly program: Job['program'];
  /** Paths of the request's input files, in its order. */
  readonly inputs: readonly string[];
  /** An empty folder, becomes /iexec_out. */
  readonly outputDir: string;
}

/**
 * The sandbox job of a task. Arguments, environment, names of the inputs and seed follow from the terms alone.
 * @throws {GleanerError} order-invalid for an argument line that cannot be split, input-missing for too few or too many input files
 */
export function taskJob(terms: TaskTerms, files: TaskFiles, limits: Limits, options: Pick<Job, 'signal' | 'onEvent'> = {}): Job {
  const { iexec_args: line = '', iexec_input_files: locations = [] } = parseParams(terms.params);
  if (locations.length !== files.inputs.length) {
    throw new GleanerError('input-missing', `The request names ${locations.length} input files, ${files.inputs.length} are here`, {
      details: { expected: locations.length, actual: files.inputs.length },
    });
  }
  const named = files.inputs.map((path, position) => ({ name: inputName(locations[position] ?? ''), path }));
  return {
    program: files.program,
    programDigest: terms.checksum,
    args: splitArgs(line),
    env: executionEnvironment({ ...terms, inputNames: named.map(({ name }) => name) }),
    inputs: distinct(named),
    outputDir: files.outputDir,
    seed: taskSeed(terms.taskId),
    limits,
    ...options,
  };
}

/** A location that the request names twice is one file under one name. */
function distinct(inputs: Job['inputs']): Job['inputs'] {
  return [...new Map(inputs.map((input) => [input.name, input])).values()];
}

/** The task id itself: the same random numbers on every worker, others for every task. */
function taskSeed(taskId: TaskId): Uint8Array {
  return Uint8Array.from(Buffer.from(taskId.slice(2), 'hex'));
}
