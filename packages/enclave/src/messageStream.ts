import type { Readable, Writable } from 'node:stream';
import { GleanerError } from '@gleaner/primitives';
import type { z } from 'zod';
import { MAX_MESSAGE_BYTES } from './messages.ts';

const HEADER_BYTES = 4;

/** Writes one message: length of the JSON in 4 bytes, big-endian, then the JSON. @returns false when the other side is gone */
export function writeMessage(stream: Writable, message: object): Promise<boolean> {
  const json = Buffer.from(JSON.stringify(message));
  if (json.length > MAX_MESSAGE_BYTES) throw tooLarge(json.length);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(json.length);
  return new Promise((resolve) => {
    stream.write(Buffer.concat([header, json]), (error) => resolve(error === null || error === undefined));
  });
}

/**
 * Messages of the other side, each checked. Ends where the stream ends.
 * @throws {GleanerError} bad-request for a message that is too large, no JSON, or of no known form; never with its content
 */
export async function* readMessages<T>(stream: Readable, schema: z.ZodType<T>): AsyncGenerator<T, void, undefined> {
  let waiting = Buffer.alloc(0);
  for await (const chunk of stream) {
    waiting = Buffer.concat([waiting, chunk as Buffer]);
    for (let size = sizeOf(waiting); size !== undefined && waiting.length >= HEADER_BYTES + size; size = sizeOf(waiting)) {
      yield decode(waiting.subarray(HEADER_BYTES, HEADER_BYTES + size), schema);
      waiting = waiting.subarray(HEADER_BYTES + size);
    }
  }
}

function sizeOf(waiting: Buffer): number | undefined {
  if (waiting.length < HEADER_BYTES) return undefined;
  const size = waiting.readUInt32BE();
  if (size > MAX_MESSAGE_BYTES) throw tooLarge(size);
  return size;
}

function decode<T>(bytes: Buffer, schema: z.ZodType<T>): T {
  try {
    const parsed = schema.safeParse(JSON.parse(bytes.toString('utf8')));
    if (parsed.success) return parsed.data;
  } catch {
    // said below
  }
  throw new GleanerError('bad-request', 'A message between enclave and host is of no known form');
}

function tooLarge(size: number): GleanerError {
  return new GleanerError('bad-request', `A message of ${size} bytes; at most ${MAX_MESSAGE_BYTES} cross between enclave and host`);
}
