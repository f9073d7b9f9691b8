import { type Address, isGleanerError } from '@gleaner/primitives';
import { type ProgramManifest, readManifest } from '@gleaner/protocol';
import { MAX_MODULE_BYTES } from '@gleaner/sandbox';
import { fetchProgram, type Gleaner } from '@gleaner/sdk';
import { getAddress, isAddress } from 'viem';
import { type LocalProgram, loadProgram } from './loadProgram.ts';

export type RunProgram =
  | ({ readonly kind: 'wasm' } & LocalProgram)
  | { readonly kind: 'app'; readonly app: Address; readonly manifest?: ProgramManifest };

/**
 * What the user wants to run: a registered app by its address, or a module from a file or a program's folder.
 * @throws {GleanerError} the refusals of loadProgram; resource-not-deployed
 */
export async function readProgram(gleaner: Gleaner, target: string): Promise<RunProgram> {
  if (!isAddress(target, { strict: false })) return { kind: 'wasm', ...(await loadProgram(target)) };
  const app = getAddress(target);
  const manifest = await appManifest(gleaner, app);
  return { kind: 'app', app, ...(manifest && { manifest }) };
}

/**
 * The manifest that a registered app carries. An app without one, or one whose program cannot be looked at from here, can be run all the
 * same: then there is nothing to check arguments against.
 * @throws {GleanerError} resource-not-deployed, aborted
 */
export async function appManifest(gleaner: Gleaner, app: Address): Promise<ProgramManifest | undefined> {
  try {
    return readManifest(await fetchProgram(gleaner, app, { maxBytes: MAX_MODULE_BYTES }));
  } catch (error) {
    if (isGleanerError(error) && error.code !== 'resource-not-deployed' && error.code !== 'aborted') return undefined;
    throw error;
  }
}
