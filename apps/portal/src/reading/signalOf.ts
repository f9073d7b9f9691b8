import type { CallOptions } from '@gleaner/api';
import type { Gleaner } from '@gleaner/sdk';

/** Lets a call end with the reading it belongs to. */
export function signalOf({ signal }: Gleaner): CallOptions {
  return signal === undefined ? {} : { signal };
}
