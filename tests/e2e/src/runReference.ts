import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';
import type { DealId, TaskId } from '@gleaner/primitives';

/** A task as its program sees it. */
export interface ReferenceTask {
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly index: number;
  readonly botFirst: number;
  readonly botSize: number;
  readonly args: readonly string[];
  /** By location, in the order of the request. */
  readonly inputs?: readonly { readonly location: string; readonly bytes: Uint8Array }[];
}

export interface ReferenceRun {
  readonly exitCode: number;
  /** Content of /iexec_out by name, with stdout.txt and stderr.txt as a worker adds them. */
  readonly files: Readonly<Record<string, Buffer>>;
}

const NO_DATASET = `0x${'0'.repeat(40)}`;

/** Runs a module for a task under Node's own WASI: nothing of our sandbox, and the environment spelled out once more from its description. */
export function runReference(program: Uint8Array, task: ReferenceTask): ReferenceRun {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-reference-'));
  const [input, output, logs] = ['in', 'out', 'logs'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [input, output, logs]) mkdirSync(path);
  const named = (task.inputs ?? []).map(({ location, bytes }) => ({ name: `0x${sha256(Buffer.from(location))}`, bytes }));
  for (const { name, bytes } of named) writeFileSync(join(input, name), bytes);
  const [stdout, stderr] = ['stdout.txt', 'stderr.txt'].map((name) => openSync(join(logs, name), 'w')) as [number, number];
  try {
    const wasi = new WASI({
      version: 'preview1',
      args: ['program', ...task.args],
      env: environmentOf(
        task,
        named.map(({ name }) => name),
      ),
      preopens: { '/iexec_in': input, '/iexec_out': output },
      returnOnExit: true,
      stdout,
      stderr,
    });
    const module = new WebAssembly.Module(program as BufferSource);
    const exitCode = wasi.start(new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport }));
    return { exitCode, files: { ...readFiles(output), ...readFiles(logs) } };
  } finally {
    for (const descriptor of [stdout, stderr]) closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Source: the environment of PoCo apps as the stock worker sets it. */
function environmentOf({ taskId, dealId, index, botFirst, botSize }: ReferenceTask, inputNames: readonly string[]): Record<string, string> {
  const inputs = Object.fromEntries(inputNames.map((name, position) => [`IEXEC_INPUT_FILE_NAME_${position + 1}`, name]));
  return {
    IEXEC_TASK_ID: taskId,
    IEXEC_DEAL_ID: dealId,
    IEXEC_TASK_INDEX: `${index}`,
    IEXEC_IN: '/iexec_in',
    IEXEC_OUT: '/iexec_out',
    IEXEC_DATASET_ADDRESS: NO_DATASET,
    IEXEC_DATASET_FILENAME: NO_DATASET,
    IEXEC_BOT_SIZE: `${botSize}`,
    IEXEC_BOT_FIRST_INDEX: `${botFirst}`,
    IEXEC_BOT_TASK_INDEX: `${index}`,
    IEXEC_INPUT_FILES_NUMBER: `${inputNames.length}`,
    IEXEC_INPUT_FILES_FOLDER: '/iexec_in',
    ...inputs,
  };
}

export function readFiles(folder: string): Record<string, Buffer> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
