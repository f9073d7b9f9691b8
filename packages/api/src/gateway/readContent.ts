import { GleanerError, isGleanerError } from '@gleaner/primitives';
import { collect, type TransferOptions, transfer } from './transfer.ts';

export interface ReadContentOptions extends TransferOptions {
  readonly maxBytes: number;
}

/**
 * Bytes behind a content id, as they come from a gateway. The reader checks what they must hash to.
 * @throws {GleanerError} content-not-found, content-too-large, service-unreachable, timed-out, aborted
 */
export async function* readContent(
  gatewayUrl: string,
  cid: string,
  { maxBytes, ...options }: ReadContentOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* transfer(new URL(`/ipfs/${cid}`, gatewayUrl), { maxBytes }, options);
  } catch (error) {
    if (!isGleanerError(error) || error.code !== 'not-found') throw error;
    throw new GleanerError('content-not-found', `The gateway has no ${cid}`, { details: { cid }, cause: error });
  }
}

/** `readContent` in one piece. */
export function fetchContent(gatewayUrl: string, cid: string, options: ReadContentOptions): Promise<Uint8Array> {
  return collect(readContent(gatewayUrl, cid, options));
}
