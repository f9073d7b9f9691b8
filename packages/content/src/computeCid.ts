import { type Cid, GleanerError } from '@gleaner/primitives';
import { importer } from 'ipfs-unixfs-importer';
import type { ContentSource } from './ContentStore.ts';
import { formatCid } from './cids.ts';
import { importOptions } from './unixfs/importOptions.ts';

/** The id that a store would give these bytes, without storing them. */
export async function computeCid(source: ContentSource, options: { readonly cidVersion?: 0 | 1 } = {}): Promise<Cid> {
  const nowhere = { put: <T>(cid: T) => cid };
  for await (const { cid } of importer([{ content: source }], nowhere, importOptions(options.cidVersion ?? 0))) return formatCid(cid);
  throw new GleanerError('invariant-broken', 'The importer gave no entry');
}
