import { type Cid, GleanerError } from '@gleaner/primitives';
import { z } from 'zod';
import { send, type TransferOptions } from './transfer.ts';

const added = z.object({ Hash: z.string().min(46) });

/**
 * Adds one file by the `/api/v0/add` of a node and gives its content id (CIDv0).
 * @throws {GleanerError} content-too-large, quota-exceeded, service-unreachable, timed-out, aborted
 */
export async function addContent(
  nodeUrl: string,
  bytes: Uint8Array,
  { name = 'file', ...options }: TransferOptions & { readonly name?: string } = {},
): Promise<Cid> {
  const form = new FormData();
  form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
  const url = new URL('/api/v0/add?stream-channels=true&progress=false', nodeUrl);
  const answer = added.safeParse(await send(url, { body: form }, options));
  if (answer.success) return answer.data.Hash as Cid;
  throw new GleanerError('service-unreachable', `${url.origin} did not answer with a content id`, { details: { url: url.origin } });
}
