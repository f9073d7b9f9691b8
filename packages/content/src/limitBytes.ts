import { GleanerError } from '@gleaner/primitives';

/**
 * Passes a stream on until it is longer than allowed.
 * @param what subject of the message, as «The upload»
 * @throws {GleanerError} content-too-large
 */
export async function* limitBytes(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
  what: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  for await (const bytes of source) {
    total += bytes.length;
    if (total > maxBytes)
      throw new GleanerError('content-too-large', `${what} is larger than ${maxBytes} bytes`, { details: { maxBytes } });
    yield bytes;
  }
}
