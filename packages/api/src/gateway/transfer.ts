import { GleanerError } from '@gleaner/primitives';
import { parseJson, refusal, requestFailure } from '../http/requestFailure.ts';

/** Longest time of one transfer, from the request to the last byte of the answer. */
const TRANSFER_MS = 120_000;

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * One exchange with a gateway whose bodies are bytes: yields the answer as it comes.
 * @param init.maxBytes longest answer
 * @throws {GleanerError} the code of the gateway's refusal; content-too-large, timed-out, aborted, service-unreachable, also in the middle of the answer
 */
export async function* transfer(
  url: URL,
  { maxBytes, ...init }: RequestInit & { readonly maxBytes: number },
  { signal }: TransferOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const timeout = AbortSignal.timeout(TRANSFER_MS);
  try {
    const response = await fetch(url, { ...init, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
    if (!response.ok) throw refusal(url, response.status, parseJson(await response.text()));
    if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(url, maxBytes);
    let size = 0;
    for await (const bytes of response.body ?? []) {
      size += bytes.length;
      if (size > maxBytes) throw tooLarge(url, maxBytes);
      yield bytes;
    }
  } catch (error) {
    throw requestFailure(error, url, { signal, timeout, timeoutMs: TRANSFER_MS });
  }
}

function tooLarge(url: URL, maxBytes: number): GleanerError {
  return new GleanerError('content-too-large', `${url.pathname} is larger than the ${maxBytes} bytes expected at most`, {
    details: { url: url.origin + url.pathname, maxBytes },
  });
}

/** All pieces as one. */
export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  const whole = new Uint8Array(all.reduce((size, { length }) => size + length, 0));
  let offset = 0;
  for (const piece of all) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

/** Longest answer about an upload. */
const MAX_ANSWER_BYTES = 65_536;

/** Sends bytes and gives the last line of the answer as JSON, `undefined` when it is none. */
export async function send(url: URL, init: RequestInit, options: TransferOptions): Promise<unknown> {
  const answer = await collect(transfer(url, { ...init, method: 'POST', maxBytes: MAX_ANSWER_BYTES }, options));
  return parseJson(new TextDecoder().decode(answer).trim().split('\n').at(-1) ?? '');
}
