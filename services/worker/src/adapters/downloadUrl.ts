import { lookup as resolve } from 'node:dns/promises';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { limitBytes } from '@gleaner/content';
import { GleanerError, isGleanerError } from '@gleaner/primitives';
import { isPublicAddress } from '../domain/isPublicAddress.ts';

/** From the request to the last byte. */
const DOWNLOAD_MS = 120_000;
const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface DownloadOptions {
  readonly path: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Also from this machine and the networks around it: on development chains alone. */
  readonly allowPrivate: boolean;
  /** Longest time, milliseconds; 120 000 unless told. */
  readonly timeoutMs?: number;
}

/**
 * Saves what an http or https URL gives. Whoever asks chose the URL, so every address that its names resolve to, on the way of redirects
 * too, must be public before it is called; the address that was looked at is the one that is called.
 * @throws {GleanerError} input-unreachable for every failure but content-too-large and aborted; what an answer says is not repeated
 */
export async function downloadUrl(location: string, options: DownloadOptions): Promise<void> {
  const { path, maxBytes, signal, timeoutMs = DOWNLOAD_MS } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const limits = { ...options, signal: AbortSignal.any([signal, timeout]) };
  try {
    const answer = await follow(location, limits);
    await pipeline(limitBytes(answer, maxBytes, location), createWriteStream(path, { mode: 0o600 }), { signal: limits.signal });
  } catch (error) {
    await rm(path, { force: true });
    if (signal.aborted) throw new GleanerError('aborted', 'The download was stopped');
    if (isGleanerError(error)) throw error;
    throw unreachable(location, timeout.aborted ? `no end after ${timeoutMs} ms` : codeOf(error));
  }
}

async function follow(location: string, options: DownloadOptions): Promise<IncomingMessage> {
  let url = new URL(location);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await request(location, url, options);
    const { statusCode = 0, headers } = answer;
    if (statusCode === 200) return assertSize(location, answer, options.maxBytes);
    answer.destroy();
    const next = REDIRECTS.has(statusCode) && headers.location ? URL.parse(headers.location, url) : null;
    if (next === null) throw unreachable(location, `status ${statusCode}`);
    url = next;
  }
  throw unreachable(location, `more than ${MAX_REDIRECTS} redirects`);
}

function request(location: string, url: URL, { signal, allowPrivate }: DownloadOptions): Promise<IncomingMessage> {
  const get = { 'http:': getHttp, 'https:': getHttps }[url.protocol];
  if (get === undefined) throw unreachable(location, `a redirect to ${url.protocol}`);
  const isAllowed = (address: string) => allowPrivate || isPublicAddress(address);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // a literal address is called without being looked up
  if (isIP(host) !== 0 && !isAllowed(host)) throw notPublic(location, host);
  const headers = { 'accept-encoding': 'identity', 'user-agent': 'gleaner-worker' };
  return new Promise((done, fail) => {
    get(url, { agent: false, signal, headers, lookup: lookupAllowed(location, isAllowed) }, done).once('error', fail);
  });
}

/** Resolves a name, and refuses it when one of its addresses is not allowed. */
function lookupAllowed(location: string, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { all: true, family: options.family ?? 0 }).then(
      (found) => {
        const [first] = found;
        const refused = found.find(({ address }) => !isAllowed(address));
        if (refused !== undefined) callback(notPublic(location, refused.address), '');
        else if (options.all) callback(null, found);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error) => callback(error, ''),
    );
  };
}

function assertSize(location: string, answer: IncomingMessage, maxBytes: number): IncomingMessage {
  if (Number(answer.headers['content-length'] ?? 0) <= maxBytes) return answer;
  answer.destroy();
  throw new GleanerError('content-too-large', `${location} is larger than ${maxBytes} bytes`, { details: { maxBytes } });
}

function notPublic(location: string, address: string): GleanerError {
  return unreachable(location, `${address} is not on the public internet`);
}

function unreachable(location: string, why: string): GleanerError {
  return new GleanerError('input-unreachable', `${location} could not be fetched: ${why}`, { details: { location, why } });
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? 'the connection failed');
