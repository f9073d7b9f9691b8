import { type Cid, GleanerError, isReasonCode } from '@gleaner/primitives';
import type { Gleaner } from '../createGleaner.ts';

const TIMEOUT_MS = 120_000;

/**
 * Adds bytes to the content store of the network and gives their content id (CIDv0).
 * @throws {GleanerError} service-unreachable, content-too-large, quota-exceeded, timed-out
 */
export async function addContent(gleaner: Gleaner, bytes: Uint8Array, name = 'file'): Promise<Cid> {
  const form = new FormData();
  form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
  const url = new URL('/api/v0/add?stream-channels=true&progress=false', gleaner.network.services.ipfsNodeURL);
  const response = await request(gleaner, url, { method: 'POST', body: form });
  const text = await response.text();
  const last = text.trim().split('\n').at(-1) ?? '';
  const { Hash } = JSON.parse(last) as { Hash?: string };
  if (Hash === undefined)
    throw new GleanerError('service-unreachable', `${url.origin} did not answer with a content id`, { details: { url: url.origin } });
  return Hash as Cid;
}

/**
 * Bytes behind a content id, from the gateway of the network. The caller checks what they must hash to.
 * @throws {GleanerError} content-not-found, content-too-large, service-unreachable, timed-out
 */
export async function fetchContent(gleaner: Gleaner, cid: string, { maxBytes }: { maxBytes: number }): Promise<Uint8Array> {
  const url = new URL(`/ipfs/${cid}`, gleaner.network.services.ipfsGatewayURL);
  const response = await request(gleaner, url, {});
  const tooLarge = () =>
    new GleanerError('content-too-large', `${cid} is larger than the ${maxBytes} bytes expected at most`, { details: { cid, maxBytes } });
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return concat(chunks, size);
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

async function request({ signal }: Gleaner, url: URL, init: RequestInit): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, { ...init, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
    if (response.ok) return response;
    throw await refusal(response, url);
  } catch (error) {
    if (error instanceof GleanerError) throw error;
    if (signal?.aborted) throw new GleanerError('aborted', 'The transfer was cancelled');
    const code = timeout.aborted ? 'timed-out' : 'service-unreachable';
    throw new GleanerError(code, `${url.origin} did not answer`, { details: { url: url.origin }, cause: error });
  }
}

async function refusal(response: Response, url: URL): Promise<GleanerError> {
  const body = (await response.json().catch(() => ({}))) as { error?: unknown; code?: unknown };
  const code = isReasonCode(body.code) ? body.code : response.status === 404 ? 'content-not-found' : 'service-unreachable';
  const message = typeof body.error === 'string' ? body.error : `${url.origin} answered with status ${response.status}`;
  return new GleanerError(code, message, { details: { url: url.href, status: response.status } });
}
