/** Fields one after another, each behind its length in bytes (4 bytes, big-endian), so that no two lists give the same bytes. Text is UTF-8. */
export function lengthPrefixed(...fields: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = Buffer.from(field as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
