import { GleanerError, isGleanerError } from '@gleaner/primitives';
import { CarWriter } from '@ipld/car';
import { CarBlockIterator } from '@ipld/car/iterator';
import { varint } from 'multiformats';
import type { CID } from 'multiformats/cid';
import type { ContentSource } from './ContentStore.ts';
import { parseCid } from './cids.ts';
import { limitBytes } from './limitBytes.ts';

/** Most roots that a CAR may name. */
const MAX_ROOTS = 1_000;

/** Largest block that is taken from outside: the limit of the IPFS network. */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024;

interface Block {
  readonly cid: CID;
  readonly bytes: Uint8Array;
}

/** CAR version 1 of blocks, written as they are taken. */
export async function* encodeCar(root: CID, blocks: AsyncIterable<Block>): AsyncGenerator<Uint8Array, void, undefined> {
  yield* carHeader(root);
  for await (const { cid, bytes } of blocks) {
    const length = cid.bytes.length + bytes.length;
    const prefix = varint.encodeTo(length, new Uint8Array(varint.encodingLength(length)));
    yield Buffer.concat([prefix, cid.bytes, bytes]);
  }
}

async function* carHeader(root: CID): AsyncGenerator<Uint8Array, void, undefined> {
  const { writer, out } = CarWriter.create([root]);
  void writer.close();
  yield* out;
}

export interface DecodedCar {
  /** Each once. */
  readonly roots: readonly CID[];
  readonly blocks: AsyncIterable<Block>;
}

/**
 * Opens a CAR. Blocks are not yet verified, but their ids are of a supported kind and their size is bounded.
 * @throws {GleanerError} bad-request when it is no CAR or has no root, content-too-large beyond `maxBytes`; while blocks are read too
 */
export async function decodeCar(source: ContentSource, maxBytes: number): Promise<DecodedCar> {
  const stream = source instanceof Uint8Array ? [source] : source;
  const car = await translated(() => CarBlockIterator.fromIterable(limitBytes(stream, maxBytes, 'The CAR')));
  const roots = await translated(() => car.getRoots());
  if (roots.length === 0) throw new GleanerError('bad-request', 'The CAR names no root');
  const texts = new Set(roots.map(String));
  if (texts.size > MAX_ROOTS) throw new GleanerError('bad-request', `The CAR names ${texts.size} roots; at most ${MAX_ROOTS} are taken`);
  return { roots: [...texts].map(parseCid), blocks: supportedBlocks(car) };
}

async function* supportedBlocks(car: AsyncIterable<Block>): AsyncGenerator<Block, void, undefined> {
  const blocks = car[Symbol.asyncIterator]();
  for (;;) {
    const next = await translated(() => blocks.next());
    if (next.done) return;
    const { cid, bytes } = next.value;
    if (bytes.length > MAX_BLOCK_BYTES)
      throw new GleanerError('content-too-large', `A block of the CAR is larger than ${MAX_BLOCK_BYTES} bytes`);
    yield { cid: parseCid(cid.toString()), bytes };
  }
}

async function translated<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (isGleanerError(cause)) throw cause;
    throw new GleanerError('bad-request', 'The bytes are not a whole CAR (version 1 or 2)', { cause });
  }
}
