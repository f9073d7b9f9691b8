import { basename } from 'node:path';
import { type Address, GleanerError, show } from '@gleaner/primitives';
import { checkProgram } from '@gleaner/sandbox';
import type { Gleaner } from '@gleaner/sdk';
import { getAddress, isAddress } from 'viem';
import { readUserFile } from '../session.ts';

export type RunProgram =
  | { readonly kind: 'wasm'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'app'; readonly app: Address };

/**
 * What the user wants to run: a registered app by its address, or a module from a file, checked as the workers will check it,
 * so that nothing is paid for a program they would refuse.
 * @throws {GleanerError} program-not-found, program-unknown-type, program-not-wasm, program-too-large, program-invalid,
 *   program-unsupported-feature, program-unknown-import, resource-not-deployed
 */
export async function readProgram(gleaner: Gleaner, target: string): Promise<RunProgram> {
  if (isAddress(target, { strict: false })) {
    const app = getAddress(target);
    await gleaner.assets.getApp(app);
    return { kind: 'app', app };
  }
  const bytes = await readUserFile(target, 'program-not-found');
  assertRunnable(bytes, target);
  return { kind: 'wasm', name: basename(target), bytes };
}

/** @throws {GleanerError} with the first reason why workers would refuse the module */
export function assertRunnable(bytes: Uint8Array, name: string): void {
  if (!/\.wasm$/i.test(name) && !startsWithMagic(bytes)) {
    throw new GleanerError('program-unknown-type', `${show(name)} is neither a WebAssembly module nor the address of an app`, {
      details: { program: show(name) },
    });
  }
  const [issue] = checkProgram(bytes).issues;
  if (issue !== undefined)
    throw new GleanerError(issue.code, `${show(name)}: ${issue.message}`, { details: { program: show(name), ...issue.details } });
}

function startsWithMagic(bytes: Uint8Array): boolean {
  return bytes[0] === 0x00 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}
