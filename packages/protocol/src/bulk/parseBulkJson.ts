import { type Details, GleanerError } from '@gleaner/primitives';

/** The failure of a bulk request whose files are not what `prepareDatasetBulk` makes. */
export function bulkInvalid(message: string, details: Details = {}): GleanerError {
  return new GleanerError('bulk-invalid', message, { details });
}

/** @throws {GleanerError} bulk-invalid for too many bytes, and for what is no JSON, nested too deep to be read included */
export function parseBulkJson(bytes: Uint8Array, maxBytes: number, what: string): unknown {
  if (bytes.length > maxBytes) throw bulkInvalid(`The ${what} has ${bytes.length} bytes, at most ${maxBytes} are read`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw bulkInvalid(`The ${what} of the bulk is no JSON`);
  }
}
