import { GleanerError } from '@gleaner/primitives';
import { checkArguments, type ProgramManifest } from '@gleaner/protocol';

/**
 * Holds arguments against the program's manifest, when it has one, before anything is locked for them.
 * @param inputs number of input files
 * @throws {GleanerError} bad-request that lists everything that is wrong
 */
export function assertArguments(manifest: ProgramManifest | undefined, args: readonly string[], inputs: number): void {
  const issues = manifest === undefined ? [] : checkArguments(manifest, args, inputs);
  if (issues.length === 0) return;
  const list = issues.map(({ message }) => message).join('; ');
  throw new GleanerError('bad-request', `The arguments do not fit the program: ${list}. Pass --no-check to send them anyway`, {
    details: { argument: issues[0]?.argument, issues: issues.length },
  });
}
