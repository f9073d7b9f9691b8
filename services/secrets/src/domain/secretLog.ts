import { createHmac, timingSafeEqual } from 'node:crypto';
import { lengthPrefixed } from '@gleaner/attestation';
import type { SecretLogRow } from '@gleaner/store';
import type { LogLine } from '../ports.ts';

/** What the first line follows. */
const START = '0'.repeat(64);

/** The end of a log: how many lines it has, and the hash of the last. */
export interface LogHead {
  readonly sequence: bigint;
  readonly hash: string;
}

export const EMPTY_LOG: LogHead = { sequence: 0n, hash: START };

/**
 * The line that follows `head`. Its hash is an HMAC-SHA256 over the line and the hash before: who can write to the database but has
 * not the key of the service can neither change, drop nor reorder lines, only cut off the end; that shows when the head is kept elsewhere.
 */
export function nextLogRow(key: Uint8Array, head: LogHead, { event, atMs, fields }: LogLine): SecretLogRow {
  const row = {
    sequence: head.sequence + 1n,
    event,
    entry: JSON.stringify({ at: new Date(atMs).toISOString(), ...fields }),
    previous: head.hash,
  };
  return { ...row, hash: hashRow(key, row) };
}

export interface LogFault extends LogHead {
  readonly says: string;
}

/** What is wrong with a line that should follow `head`; undefined when nothing is. */
export function checkLogRow(key: Uint8Array, head: LogHead, row: SecretLogRow): LogFault | undefined {
  const { sequence, hash } = row;
  if (sequence !== head.sequence + 1n) return { sequence, hash, says: `line ${head.sequence + 1n} is missing` };
  if (row.previous !== head.hash) return { sequence, hash, says: 'it does not follow the line before' };
  if (!isHashOf(key, row)) return { sequence, hash, says: 'it was changed, or written with another key' };
  return undefined;
}

/** Whether the line was written with this key, as it is. */
export function isHashOf(key: Uint8Array, row: SecretLogRow): boolean {
  const [found, right] = [row.hash, hashRow(key, row)].map((hash) => Buffer.from(hash));
  return found !== undefined && right !== undefined && found.length === right.length && timingSafeEqual(found, right);
}

function hashRow(key: Uint8Array, { sequence, event, entry, previous }: Omit<SecretLogRow, 'hash'>): string {
  return createHmac('sha256', key)
    .update(lengthPrefixed(['gleaner/secret-log/1', `${sequence}`, event, entry, previous]))
    .digest('hex');
}
