import { posix } from 'node:path';
import { GleanerError, show } from '@gleaner/primitives';
import type { BagJoin, ProgramManifest } from '@gleaner/protocol';

const FORM = 'concatenate:PATH, csv:PATH (one header line kept), json-array:PATH, or none';

/**
 * How results are joined: as the caller says, else as the manifest says; undefined for not at all.
 * @param text `--join`, PATH being the file in each task's result
 * @throws {GleanerError} bad-request
 */
export function parseJoin(text: string | undefined, manifest: ProgramManifest | undefined): BagJoin | undefined {
  if (text === undefined) return manifest?.bag?.join;
  if (text === 'none') return undefined;
  const [, method, part] = /^(concatenate|csv|json-array):(.+)$/.exec(text) ?? [];
  if (method === undefined || part === undefined || !isInside(part)) {
    throw new GleanerError('bad-request', `--join takes ${FORM}; got ${show(text)}`, { details: { option: '--join', value: show(text) } });
  }
  const output = posix.basename(part);
  if (method === 'json-array') return { method, part, output: `${output.replace(/\.json$/, '')}.json`, mediaType: 'application/json' };
  const header = method === 'csv' ? 'first-line' : 'none';
  return { method: 'concatenate', part, output, header, mediaType: method === 'csv' ? 'text/csv' : 'application/octet-stream' };
}

/** Relative, and not above the folder. */
function isInside(path: string): boolean {
  return !path.startsWith('/') && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}
