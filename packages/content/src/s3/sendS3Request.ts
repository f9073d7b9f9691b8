import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GleanerError, isGleanerError } from '@gleaner/primitives';
import { AwsV4Signer } from 'aws4fetch';
import type { S3Place } from './parseS3Url.ts';
import { codeOf, type S3Answer } from './S3Answer.ts';
import type { S3Credentials } from './S3Credentials.ts';
import { translateS3Cause } from './translateS3Failure.ts';

export interface S3Request {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Below the prefix; `undefined` asks the bucket itself. Needs no encoding. */
  readonly key: string | undefined;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Bytes of the object that are asked for, as `bytes=0-0`. */
  readonly range?: string;
  /** Longest answer that is read, default 8 MiB: more than a page of a listing takes. */
  readonly maxBytes?: number;
}

export interface SendOptions {
  /** Longest time for one try, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Tries in all. What we send may be repeated: it sets or removes one object, or reads. */
  readonly tries: number;
  /** Wait before the second try at most; it doubles from try to try, and is cut at random. */
  readonly backoffMs: number;
}

/** Who asks where. */
export interface S3Client {
  readonly place: S3Place;
  readonly credentials: S3Credentials;
  /** Signing keys, one per day; what the signer makes of the secret. */
  readonly signingKeys: Map<string, ArrayBuffer>;
}

const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_BACKOFF_MS = 5_000;
/** Failures that storages call 4xx and that pass. */
const PASSING = ['RequestTimeout', 'SlowDown', 'TooManyRequests'];

/**
 * Sends until there is an answer that is no passing failure, or the tries are used up; the last answer is given whatever it is.
 * @throws {GleanerError} storage-unreachable when the last try had no answer; data-corrupt for an answer beyond `maxBytes`
 */
export async function sendS3Request(
  client: S3Client,
  request: S3Request & { readonly what: string },
  { timeoutMs, tries, backoffMs }: SendOptions,
): Promise<S3Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await sendOnce(client, request, timeoutMs).catch((error: unknown) =>
      isGleanerError(error) ? error : translateS3Cause(client.place, request.what, error),
    );
    const passes = outcome instanceof GleanerError ? outcome.retryable : isPassing(outcome);
    if (!passes || attempt >= tries) {
      if (outcome instanceof GleanerError) throw outcome;
      return outcome;
    }
    await sleep(Math.random() * Math.min(MAX_BACKOFF_MS, backoffMs * 2 ** (attempt - 1)));
  }
}

function isPassing(answer: S3Answer): boolean {
  if (answer.status === 501 || answer.status === 507) return false;
  return (
    answer.status >= 500 || answer.status === 429 || answer.status === 408 || (answer.status >= 400 && PASSING.includes(codeOf(answer)))
  );
}

/** The body is signed by its SHA-256, which the storage must check: this is the checksum on write. */
async function sendOnce(
  { place, credentials, signingKeys }: S3Client,
  { method, key, query = {}, body, range, maxBytes = MAX_ANSWER_BYTES }: S3Request,
  timeoutMs: number,
): Promise<S3Answer> {
  const signed = await new AwsV4Signer({
    ...credentials,
    cache: signingKeys,
    method,
    url: urlOf(place, key, query),
    headers: { 'x-amz-content-sha256': payloadHash(body), ...(range === undefined ? {} : { range }) },
    service: 's3',
    region: place.region,
  }).sign();
  const response = await fetch(signed.url, {
    method,
    headers: signed.headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
  });
  return { status: response.status, headers: response.headers, body: await readBody(response, maxBytes, key) };
}

function urlOf({ origin, bucket, prefix, style }: S3Place, key: string | undefined, query: Readonly<Record<string, string>>): string {
  const url = new URL(style === 'path' ? `${origin}/${bucket}/` : `${origin}/`);
  if (key !== undefined) url.pathname += prefix + key;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  // a space would be written as +, which the signature does not mean
  url.search = url.search.replaceAll('+', '%20');
  return url.href;
}

async function readBody(response: Response, maxBytes: number, key: string | undefined): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  // leaving the loop early ends the transfer
  for await (const piece of response.body ?? []) {
    total += piece.length;
    if (total > maxBytes)
      throw new GleanerError('data-corrupt', `${key ?? 'The listing'} has more than ${maxBytes} bytes; it is nothing that we wrote`, {
        details: { key: key ?? '', maxBytes },
      });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function payloadHash(body: Uint8Array | undefined): string {
  return createHash('sha256')
    .update(body ?? new Uint8Array())
    .digest('hex');
}
