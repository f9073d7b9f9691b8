/** Bytes [from, to) of a file, all of it, or nothing that the file has. */
export type ByteRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly from: number; readonly to: number }
  | { readonly kind: 'unsatisfiable' };

const WHOLE: ByteRange = { kind: 'whole' };

/**
 * What a `Range` header asks of a file (RFC 9110, section 14): one range of bytes.
 * Several ranges, other units and malformed values are ignored, as the standard allows, and give the whole file.
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replace(/\s/g, '') ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return WHOLE;
  if (first === '') return part(Math.max(0, sizeBytes - Number(last)), sizeBytes);
  if (last !== '' && Number(last) < Number(first)) return WHOLE;
  return part(Number(first), last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1));
}

function part(from: number, to: number): ByteRange {
  return from < to ? { kind: 'part', from, to } : { kind: 'unsatisfiable' };
}
