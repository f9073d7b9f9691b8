import { GleanerError } from '@gleaner/primitives';
import { shown } from './shown.ts';

/** Error for an argument that no rule is defined for. @param right what the value would have to be, as the end of «must be …» */
export function outOfRange(field: string, value: unknown, right: string): GleanerError {
  const seen = shown(value);
  return new GleanerError('bad-request', `${field} must be ${right}; got ${seen}`, { details: { field, value: seen } });
}
