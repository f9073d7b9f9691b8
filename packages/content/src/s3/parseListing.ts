import { GleanerError } from '@gleaner/primitives';
import type { ObjectEntry } from '../objects/ObjectPort.ts';
import { findAll, findText } from './xml.ts';

export interface Listing {
  readonly entries: readonly ObjectEntry[];
  /** Where the next page begins; `undefined` on the last one. */
  readonly next: string | undefined;
}

/**
 * An answer of ListObjectsV2. A page that says it is not the last one and does not say how to go on is refused:
 * ending there would make a sweep or a count believe that the rest does not exist.
 * @throws {GleanerError} data-corrupt
 */
export function parseListing(xml: string): Listing {
  const isTruncated = findText(xml, 'IsTruncated');
  const next = findText(xml, 'NextContinuationToken');
  if (isTruncated === undefined || (isTruncated === 'true' && !next)) throw notAListing(xml);
  return { entries: findAll(xml, 'Contents').map(parseEntry), next: isTruncated === 'true' ? next : undefined };
}

function parseEntry(xml: string): ObjectEntry {
  const key = findText(xml, 'Key');
  const sizeBytes = Number(findText(xml, 'Size'));
  if (!key || !Number.isSafeInteger(sizeBytes)) throw notAListing(xml);
  return { key, sizeBytes, changedMs: Date.parse(findText(xml, 'LastModified') ?? '') };
}

function notAListing(xml: string): GleanerError {
  return new GleanerError('data-corrupt', 'The object storage answered with something that is no list of objects', {
    details: { answer: xml.slice(0, 100) },
  });
}
