import { isGleanerError, REASONS, toGleanerError } from '@gleaner/primitives';
import { plainText } from './plainText.ts';

/** Where a command says what it found: people read lines, programs read one JSON value at the end. */
export interface Printer {
  readonly json: boolean;
  /** A line for people; nothing under `--json`. */
  line(text?: string): void;
  /** A passing remark (progress), on stderr; nothing under `--json`. */
  note(text: string): void;
  /** The result of the command: printed as JSON under `--json`, otherwise left to `line`. */
  result(value: unknown): void;
}

export function createPrinter(json: boolean): Printer {
  return {
    json,
    line: (text = '') => {
      if (!json) process.stdout.write(`${plainText(text)}\n`);
    },
    note: (text) => {
      if (!json) process.stderr.write(`${plainText(text)}\n`);
    },
    result: (value) => {
      if (json) process.stdout.write(`${toJson({ ok: true, ...(value as object) })}\n`);
    },
  };
}

/** JSON with bigints as decimal strings; what a terminal obeys is escaped. */
export function toJson(value: unknown): string {
  return plainText(JSON.stringify(value, (_, entry) => (typeof entry === 'bigint' ? entry.toString() : entry)));
}

/**
 * Prints a failure and gives the exit code: 2 for a wrong call, 130 for a cancelled one, 1 otherwise.
 * Never a stack trace; a defect names its message and asks for a report.
 */
export function printFailure(error: unknown, json: boolean): number {
  const failure = toGleanerError(error);
  if (json) process.stdout.write(`${toJson(failure.toBody())}\n`);
  else {
    const { help } = REASONS[failure.code];
    process.stderr.write(`${plainText(failure.message)}\n  ${help}\n  (${failure.code})\n`);
  }
  if (!isGleanerError(error) && process.env['GLEANER_DEBUG']) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  if (failure.code === 'aborted') return 130;
  return failure.code === 'bad-request' ? 2 : 1;
}
