import { GleanerError } from '@gleaner/primitives';
import { concatBytes } from 'viem';

const NEWLINE = 0x0a;

/**
 * Parts one after another. With `first-line` they are text with one header line each: that of the first part is kept, those of the others
 * are left out, and a part that does not end with a line break gets one before the next. With `none` the bytes stay as they are.
 */
export function concatenateParts(parts: readonly Uint8Array[], header: 'none' | 'first-line'): Uint8Array {
  if (header === 'none') return concatBytes(parts);
  const bodies = parts.map((part, position) => (position === 0 ? part : part.subarray(part.indexOf(NEWLINE) + 1 || part.length)));
  return concatBytes(bodies.flatMap((body) => (body.length === 0 || body.at(-1) === NEWLINE ? [body] : [body, Uint8Array.of(NEWLINE)])));
}

/**
 * Parts that are JSON values each, as one JSON array, one element after the other on lines of their own. Their text is kept, so no number
 * changes.
 * @throws {GleanerError} result-invalid naming the position of a part that is no JSON
 */
export function joinJsonParts(parts: readonly Uint8Array[]): Uint8Array {
  const texts = parts.map((part, position) => jsonText(part, position));
  return new TextEncoder().encode(`[${texts.length === 0 ? '' : `\n${texts.join(',\n')}\n`}]\n`);
}

function jsonText(part: Uint8Array, position: number): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(part).trim();
    JSON.parse(text);
    return text;
  } catch (cause) {
    throw new GleanerError('result-invalid', `Part ${position} is not JSON`, { details: { position }, cause });
  }
}
