import { archiveDigest, MAX_ARCHIVE_BYTES } from '@gleaner/content';
import { GleanerError } from '@gleaner/primitives';
import type { Archives } from '../ports.ts';

const FETCH_MS = 60_000;

/** Archives behind a gateway; nothing in them is trusted. */
export function createArchives(gatewayUrl: string): Archives {
  return {
    async digestOf(cid, { callback, signal }) {
      const archive = await fetchArchive(new URL(`/ipfs/${cid}`, gatewayUrl), signal);
      const result = await archiveDigest(archive, { callback });
      return result.rule === 'callback' ? { digest: result.digest, callbackData: result.callbackData } : { digest: result.digest };
    },
  };
}

async function fetchArchive(url: URL, signal: AbortSignal): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(FETCH_MS);
  const response = await fetch(url, { signal: AbortSignal.any([signal, timeout]) }).catch((cause: unknown) => {
    throw new GleanerError('service-unreachable', `The gateway ${url.origin} did not answer`, { cause });
  });
  if (!response.ok)
    throw new GleanerError('content-not-found', `The gateway has no ${url.pathname}`, { details: { status: response.status } });
  const declared = Number(response.headers.get('content-length') ?? 0);
  if (declared > MAX_ARCHIVE_BYTES) throw tooLarge(url);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ARCHIVE_BYTES) throw tooLarge(url);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(url: URL): GleanerError {
  return new GleanerError('result-invalid', `The archive ${url.pathname} is larger than ${MAX_ARCHIVE_BYTES} bytes`);
}
