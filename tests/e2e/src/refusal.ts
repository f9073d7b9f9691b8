import type { ErrorBody, ReasonCode } from '@gleaner/primitives';
import { expect } from 'vitest';
import type { CommandResult } from './runCommand.ts';

/** One JSON value last, with this reason; the exit code that belongs to it; nothing of our insides anywhere. */
export function expectRefusal(result: CommandResult, code: ReasonCode): ErrorBody {
  const { exitCode, value, stdout, stderr } = result;
  const said = `${stdout}${stderr}`;
  expect({ exitCode, ok: value?.ok, code: value?.code }, said).toEqual({ exitCode: code === 'bad-request' ? 2 : 1, ok: false, code });
  expect(value.error, said).toMatch(/\S/);
  expect(said).not.toMatch(/^\s+at |node_modules|\.ts:\d|undefined|\[object|outputHelp/m);
  return value;
}
