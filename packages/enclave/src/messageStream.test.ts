import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readMessages, writeMessage } from './messageStream.ts';
import { hostMessage, MAX_MESSAGE_BYTES } from './messages.ts';

const schema = z.strictObject({ text: z.string() });

test('what is written is read, however the bytes arrive', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ text: fc.string() }), { maxLength: 5 }),
      fc.integer({ min: 1, max: 40 }),
      async (messages, size) => {
        const bytes = await written(messages);
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
        expect(await collect(Readable.from(pieces))).toEqual(messages);
      },
    ),
    { numRuns: 60 },
  ));

test('whatever a host or an enclave sends, the other side ends with a typed failure or a checked message', () =>
  fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 4, maxLength: 60 }), async (bytes) => {
      const messages = readMessages(Readable.from([Buffer.from(bytes)]), hostMessage);
      const ended = await messages.next().catch((error: unknown) => error);
      expect(ended).toSatisfy((end: { code?: string; done?: boolean }) => end.code === 'bad-request' || end.done === true);
    }),
  ));

test('a message that is too large is refused before it is kept, and its content is not told', async () => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(MAX_MESSAGE_BYTES + 1);
  await expect(collect(Readable.from([header]))).rejects.toMatchObject({ code: 'bad-request' });
  expect(() => writeMessage(new PassThrough(), { text: 'x'.repeat(MAX_MESSAGE_BYTES) })).toThrow();
  const secret = await written([{ text: 'fine', extra: 's3cret' } as never]);
  await expect(collect(Readable.from([secret]))).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') });
});

async function written(messages: readonly { text: string }[]): Promise<Buffer> {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const message of messages) await writeMessage(stream, message);
  return Buffer.concat(chunks);
}

async function collect(stream: Readable): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const message of readMessages(stream, schema)) found.push(message);
  return found;
}
