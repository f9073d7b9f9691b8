import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { signUpload } from '@gleaner/api';
import { computeCid } from '@gleaner/content';
import { GleanerError, isReasonCode, type TaskId } from '@gleaner/primitives';
import type { LocalAccount } from 'viem';
import type { ContentPort } from '../ports.ts';
import { trimCache } from './trimCache.ts';

const FETCH_MS = 120_000;
/** Bytes of fetched content kept for the next task. */
const CACHE_BYTES = 2 * 1024 ** 3;

/** Content through a gateway that is not trusted: what it gives is hashed before it is used. */
export async function createContentPort(options: { gatewayUrl: string; cacheDir: string; account: LocalAccount }): Promise<ContentPort> {
  const { gatewayUrl, cacheDir, account } = options;
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });

  return {
    async fetch(cid, { maxBytes, signal }) {
      const path = join(cacheDir, cid);
      if (await exists(path)) {
        await utimes(path, new Date(), new Date());
        return path;
      }
      const partial = `${path}.${randomUUID()}.part`;
      try {
        await download(new URL(`/ipfs/${cid}`, gatewayUrl), partial, { cid, maxBytes, signal });
        await assertCid(partial, cid);
        await rename(partial, path);
      } finally {
        await rm(partial, { force: true });
      }
      await trimCache(cacheDir, CACHE_BYTES, path);
      return path;
    },
    async uploadResult(taskId, archivePath, signal) {
      const archive = await readFile(archivePath);
      const cid = await computeCid(archive);
      const authorization = await signUpload(account, { taskId, cid });
      return await upload(new URL(`/v1/results/${taskId}`, gatewayUrl), archive, { authorization, taskId, signal });
    },
  };
}

async function download(
  url: URL,
  path: string,
  { cid, maxBytes, signal }: { cid: string; maxBytes: number; signal: AbortSignal },
): Promise<void> {
  const response = await send(url, {}, signal);
  if (response.body === null) throw new GleanerError('content-not-found', `The gateway has no ${cid}`, { details: { cid } });
  await pipeline(response.body, limit(maxBytes, cid), createWriteStream(path, { mode: 0o600 }), { signal });
}

function limit(maxBytes: number, cid: string): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length;
      if (size <= maxBytes) return done(null, chunk);
      done(new GleanerError('content-too-large', `${cid} is larger than ${maxBytes} bytes`, { details: { cid, maxBytes } }));
    },
  });
}

async function assertCid(path: string, cid: string): Promise<void> {
  const actual = await computeCid(createReadStream(path, { highWaterMark: 1 << 20 }), { cidVersion: cid.startsWith('Qm') ? 0 : 1 });
  if (actual === cid) return;
  throw new GleanerError('content-corrupt', `The gateway gave bytes that hash to ${actual} for ${cid}`, { details: { cid, actual } });
}

async function upload(
  url: URL,
  archive: Uint8Array,
  options: { authorization: string; taskId: TaskId; signal: AbortSignal },
): Promise<string> {
  const { authorization, taskId, signal } = options;
  const headers = { authorization, 'content-type': 'application/zip' };
  const response = await send(url, { method: 'POST', headers, body: archive as Uint8Array<ArrayBuffer> }, signal);
  const { cid } = (await response.json()) as { cid?: unknown };
  if (typeof cid === 'string') return cid;
  throw new GleanerError('service-unreachable', 'The gateway took the result without naming its content id', { details: { taskId } });
}

async function send(url: URL, init: RequestInit, signal: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(FETCH_MS);
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.any([signal, timeout]) });
    if (response.ok) return response;
    throw await refusal(response, url);
  } catch (error) {
    if (error instanceof GleanerError || signal.aborted) throw error;
    throw new GleanerError(timeout.aborted ? 'timed-out' : 'service-unreachable', `The gateway ${url.origin} did not answer`, {
      cause: error,
    });
  }
}

async function refusal(response: Response, url: URL): Promise<GleanerError> {
  const body = (await response.json().catch(() => ({}))) as { code?: unknown; error?: unknown };
  const code = isReasonCode(body.code) ? body.code : response.status === 404 ? 'content-not-found' : 'service-unreachable';
  return new GleanerError(code, typeof body.error === 'string' ? body.error : `${url.pathname}: status ${response.status}`, {
    details: { url: url.href, status: response.status },
  });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
