/** Longest field, bytes. */
const MAX_FIELD_BYTES = 2 ** 31 - 1;

/** Each field behind its length in 4 bytes, big-endian: no two lists of fields give the same bytes. */
export function lengthPrefixed(fields: readonly (Uint8Array | string)[]): Uint8Array {
  const parts = fields.flatMap((field) => {
    const bytes = typeof field === 'string' ? new TextEncoder().encode(field) : field;
    if (bytes.length > MAX_FIELD_BYTES) throw new RangeError(`A field of ${bytes.length} bytes`);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    return [length, bytes];
  });
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
