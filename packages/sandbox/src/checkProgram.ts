import { type GleanerError, isGleanerError } from '@gleaner/primitives';
import type { ProgramIssue } from './runner/types.ts';
import { WASI_SURFACE } from './wasi/surface.ts';
import { checkBodies, parseProgram } from './wasm/checkModule.ts';
import { METER_VERSION, type MeterParams, meterModule } from './wasm/meterModule.ts';

/** What the first bytes of a program say it is. */
export type ProgramKind = 'wasm' | 'elf' | 'script' | 'archive' | 'json' | 'unknown';

export interface ProgramCheck {
  readonly kind: ProgramKind;
  /** Empty when the WASI runner runs the program. */
  readonly issues: readonly ProgramIssue[];
}

/**
 * Says whether the WASI runner would run a program, by reading every byte of it and running none. Pure; linear in its size
 * (about a second for the largest). Never throws for any input.
 */
export function checkProgram(program: Uint8Array): ProgramCheck {
  const kind = programKind(program);
  try {
    checkBodies(parseProgram(program, WASI_SURFACE));
    return { kind, issues: [] };
  } catch (error) {
    return { kind, issues: [issueOf(error)] };
  }
}

/**
 * The metered form of a program: depends on its bytes and `params` alone, for one METER_VERSION.
 * @throws {GleanerError} with a code of ProgramRefusal
 */
export function meter(program: Uint8Array, params: MeterParams): Uint8Array {
  return meterModule(parseProgram(program, WASI_SURFACE), params);
}

export { METER_VERSION };

/** The typed form of a refusal. Anything that is not one is a defect and is thrown on. */
export function issueOf(error: unknown): ProgramIssue {
  if (!isGleanerError(error)) throw error;
  const details: Record<string, string | number> = {};
  for (const [key, value] of Object.entries((error as GleanerError).details)) {
    if (value !== undefined) details[key] = typeof value === 'number' ? value : String(value);
  }
  return { code: error.code as ProgramIssue['code'], message: error.message, details };
}

const MAGIC: readonly (readonly [readonly number[], ProgramKind])[] = [
  [[0x00, 0x61, 0x73, 0x6d], 'wasm'],
  [[0x7f, 0x45, 0x4c, 0x46], 'elf'],
  [[0x23, 0x21], 'script'],
  [[0x1f, 0x8b], 'archive'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'archive'],
  [[0x50, 0x4b, 0x03, 0x04], 'archive'],
  [[0x7b], 'json'],
];

function programKind(program: Uint8Array): ProgramKind {
  const found = MAGIC.find(([magic]) => magic.every((byte, i) => program[i] === byte));
  if (found !== undefined) return found[1];
  const isTar = String.fromCharCode(...program.subarray(257, 262)) === 'ustar';
  return isTar ? 'archive' : 'unknown';
}
