import { GleanerError } from '@gleaner/primitives';
import { formatParams, parseParams } from '../params.ts';
import { splitArgs } from '../splitArgs.ts';
import type { ProgramManifest } from './programManifest.ts';

/** One part of a bag. */
export interface BagPart {
  /** From 0. */
  readonly position: bigint;
  /** Parts in all. */
  readonly size: bigint;
}

/**
 * Params of a request that asks for one part of a bag alone: those of the bag, and the arguments that `bag.select` of the manifest adds.
 * The whole of a bag of one is asked for by the same params, and so is a part of a bag whose arguments chose a part themselves.
 * @throws {GleanerError} bad-request when the program has no way to ask for one part
 */
export function selectPart(params: string, manifest: ProgramManifest | undefined, { position, size }: BagPart): string {
  const { iexec_args: line = '', ...rest } = parseParams(params);
  if (size === 1n) return formatParams({ ...rest, ...(line === '' ? {} : { iexec_args: line }) });
  const select = manifest?.bag?.select;
  if (select === undefined) {
    throw new GleanerError(
      'bad-request',
      'The manifest of the program names no arguments that ask for one part (bag.select), so a part cannot be run again alone; run the whole bag again',
      { details: { position, size } },
    );
  }
  if (chooses(line, select)) return formatParams({ ...rest, iexec_args: line });
  const asked = select.replaceAll('{index}', `${position}`).replaceAll('{size}', `${size}`);
  return formatParams({ ...rest, iexec_args: line === '' ? asked : `${line} ${asked}` });
}

/** Whether an argument line has one of the options that `bag.select` uses. A line that cannot be split chooses nothing: no worker runs it. */
function chooses(line: string, select: string): boolean {
  const options = new Set(splitArgs(select).filter((argument) => argument.startsWith('--')));
  try {
    return splitArgs(line).some((argument) => options.has(argument.split('=')[0] ?? ''));
  } catch {
    return false;
  }
}
