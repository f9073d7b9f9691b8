import { GleanerError } from './GleanerError.ts';

/** Ends an exhaustive `switch`. */
export function assertNever(value: never): never {
  throw new GleanerError('invariant-broken', `Unexpected value ${String(value)}`);
}
