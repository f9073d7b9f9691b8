import { GleanerError, isGleanerError } from '@gleaner/primitives';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Bytes that a multipart form may need beside its files. */
const FORM_BYTES = 1024 * 1024;

/** @throws {GleanerError} content-too-large when the request announces more than it may bring */
export function assertAnnounced(request: FastifyRequest, maxBytes: number): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + FORM_BYTES) throw tooLarge(maxBytes);
}

/**
 * Runs an upload; a caller that goes away in the middle becomes `aborted`, and what is left of a refused body is let in and dropped,
 * so that the caller can read the answer.
 */
export async function readUpload<T>(request: FastifyRequest, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (request.raw.destroyed && !request.raw.complete)
      throw new GleanerError('aborted', 'The upload ended before it was complete', { cause: error });
    request.raw.unpipe();
    request.raw.resume();
    throw translate(error);
  }
}

/** Fires when the answer is over: sent, timed out or cut off. The end of the request is no sign: it comes as soon as its body is read. */
export function endOf({ raw }: FastifyReply): AbortSignal {
  const end = new AbortController();
  raw.once('close', () => end.abort());
  return end.signal;
}

/** What the form parser refuses is the caller's mistake. */
function translate(error: unknown): unknown {
  if (isGleanerError(error) || !(error instanceof Error)) return error;
  if ('statusCode' in error || /multipart|part header|boundary|unexpected end/i.test(error.message)) {
    return new GleanerError('bad-request', 'The upload is not a well formed multipart/form-data', { cause: error });
  }
  return error;
}

/** One bound over all files of a request. */
export function sharedLimit(maxBytes: number): (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> {
  let total = 0;
  return async function* limited(source) {
    for await (const bytes of source) {
      total += bytes.length;
      if (total > maxBytes) throw tooLarge(maxBytes);
      yield bytes;
    }
  };
}

function tooLarge(maxBytes: number): GleanerError {
  return new GleanerError('content-too-large', `The upload is larger than ${maxBytes} bytes`, { details: { maxBytes } });
}
