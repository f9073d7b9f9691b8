import type { Address, DealId, TaskId } from '@gleaner/primitives';

export interface ExecutionFacts {
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly index: bigint;
  readonly botFirst: bigint;
  readonly botSize: bigint;
  readonly dataset: Address;
  /** File names inside /iexec_in, in the order of `iexec_input_files`. */
  readonly inputNames: readonly string[];
}

/**
 * Environment an app sees, the same for every replicate.
 * Source: the app environment of PoCo workers (IEXEC_* names); secrets and data sets belong to the confidential path.
 */
export function executionEnvironment(facts: ExecutionFacts): Readonly<Record<string, string>> {
  const { taskId, dealId, index, botFirst, botSize, dataset, inputNames } = facts;
  const inputs = Object.fromEntries(inputNames.map((name, position) => [`IEXEC_INPUT_FILE_NAME_${position + 1}`, name]));
  return {
    IEXEC_TASK_ID: taskId,
    IEXEC_DEAL_ID: dealId,
    IEXEC_TASK_INDEX: `${index}`,
    IEXEC_IN: '/iexec_in',
    IEXEC_OUT: '/iexec_out',
    IEXEC_DATASET_ADDRESS: dataset,
    IEXEC_DATASET_FILENAME: dataset,
    IEXEC_BOT_SIZE: `${botSize}`,
    IEXEC_BOT_FIRST_INDEX: `${botFirst}`,
    IEXEC_BOT_TASK_INDEX: `${index}`,
    IEXEC_INPUT_FILES_NUMBER: `${inputNames.length}`,
    IEXEC_INPUT_FILES_FOLDER: '/iexec_in',
    ...inputs,
  };
}

/**
 * What an app sees beside it when its task works on a slice of a bulk; nothing when there is none.
 * @param names files inside /iexec_in, in the order of the slice
 */
export function bulkEnvironment(names: readonly string[] | undefined): Readonly<Record<string, string>> {
  if (names === undefined) return {};
  const files = names.map((name, position) => [`IEXEC_DATASET_${position + 1}_FILENAME`, name] as const);
  return { IEXEC_BULK_SLICE_SIZE: `${names.length}`, ...Object.fromEntries(files) };
}
