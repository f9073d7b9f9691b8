import { GleanerError } from '@gleaner/primitives';

/** Refusal of a block of `bytes` in a place that holds `used` bytes. */
export function quotaExceeded({ used, bytes, quotaBytes }: { used: number; bytes: number; quotaBytes: number }): GleanerError {
  const message = `The content store holds ${used} of ${quotaBytes} bytes, ${bytes} more do not fit; unpin content or raise the quota`;
  return new GleanerError('quota-exceeded', message, { details: { used, bytes, quotaBytes } });
}
