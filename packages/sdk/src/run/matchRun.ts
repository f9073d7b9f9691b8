import type { CallSettings } from '../calls/CallSettings.ts';
import type { Gleaner } from '../createGleaner.ts';
import { prepareRun, type RunInput } from './prepareRun.ts';
import { type MatchedRun, startRun } from './startRun.ts';

/**
 * Signs a request and makes its deal. When it is stopped in the middle, `details.dealId` of the error names the deal that may still be made:
 * look for it (`getDeal`) before calling again, for every call signs another request. `prepareRun` and `startRun` apart can be repeated.
 * @throws {GleanerError} of `prepareRun` and `startRun`
 */
export async function matchRun(gleaner: Gleaner, input: RunInput, settings: CallSettings = {}): Promise<MatchedRun> {
  return await startRun(gleaner, await prepareRun(gleaner, input, settings), settings);
}
