import { CarWriter } from '@ipld/car';
import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { identity } from 'multiformats/hashes/identity';
import { sha256 } from 'multiformats/hashes/sha2';
import { describe, expect, it } from 'vitest';
import { type ContentStore, createMemoryStore } from '../src/index.ts';

interface Block {
  readonly cid: CID;
  readonly bytes: Uint8Array;
}

describe('CARs made to do harm', () => {
  it('refuses a node of very many links that hold nothing', async () => {
    const nothing = CID.createV1(raw.code, identity.digest(new Uint8Array()));
    const wide = await nodeOf(
      new UnixFS({ type: 'directory' }),
      Array.from({ length: 200_000 }, () => ({ Hash: nothing })),
    );
    await expect(storeOf([wide])).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('reads a part of a file of very many levels only as far as levels are sensible', async () => {
    for (const [levels, code] of [
      [60, undefined],
      [100, 'content-corrupt'],
    ] as const) {
      const chain = await chainOf(levels);
      const store = await storeOf(chain);
      const reading = store.cat(String(chain[0]?.cid), { length: 1 }).next();
      await (code === undefined
        ? expect(reading).resolves.toMatchObject({ done: false })
        : expect(reading).rejects.toMatchObject({ code }));
    }
  });

  it('reads a piece of a file of 2^30 bytes that a few thousand bytes unfold to', async () => {
    const doubled = await doublingsOf(30);
    const store = await storeOf(doubled);
    const root = String(doubled[0]?.cid);
    expect((await store.stat(root)).sizeBytes).toBe(2 ** 30);
    const pieces = await allOf(store.cat(root, { offset: 2 ** 29 + 12_345, length: 3 }));
    expect(Buffer.concat(pieces)).toEqual(Buffer.from('xxx'));
    expect((await allOf(store.exportCar(root))).length).toBeLessThan(40);
  });

  it('lists no folder that unfolds to more items than it holds', async () => {
    const file = await nodeOf(new UnixFS({ type: 'file', data: Buffer.from('x') }), []);
    const blocks = [await shardOf(({ place }) => link(file.cid, `${place}name`)), file];
    for (let level = 0; level < 5; level += 1) {
      const below = blocks[0]?.cid as CID;
      blocks.unshift(await shardOf(({ place }) => link(below, place)));
    }
    const store = await storeOf(blocks);
    await expect(store.list(String(blocks[0]?.cid))).rejects.toMatchObject({ code: 'content-corrupt' });
  });

  it('does not read on for somebody who is gone, however far the next piece is', async () => {
    const chain = await chainOf(20);
    const end = new AbortController();
    const store = await storeOf(chain);
    const reading = store.cat(String(chain[0]?.cid), { signal: end.signal }).next();
    end.abort();
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
  });

  it('needs what a node names, also when the node is named as plain bytes before', async () => {
    const [top] = await chainOf(2);
    const { cid, bytes } = top as Block;
    const plain = CID.createV1(raw.code, cid.multihash);
    const folder = await nodeOf(new UnixFS({ type: 'directory' }), [link(plain, 'a'), link(cid, 'b')]);
    await expect(storeOf([folder, { cid, bytes }])).rejects.toMatchObject({ code: 'content-not-found' });
  });
});

/** One byte below so many nodes, the root first. */
async function chainOf(levels: number): Promise<Block[]> {
  const blocks = [await nodeOf(new UnixFS({ type: 'file', data: Buffer.from('x') }), [])];
  while (blocks.length < levels) {
    blocks.unshift(await nodeOf(new UnixFS({ type: 'file', blockSizes: [1n] }), [link(blocks[0]?.cid as CID)]));
  }
  return blocks;
}

/** A file of 2^n bytes of which every half is the same. */
async function doublingsOf(n: number): Promise<Block[]> {
  const blocks = [await nodeOf(new UnixFS({ type: 'file', data: Buffer.from('x') }), [])];
  for (let size = 1n; size < 2n ** BigInt(n); size *= 2n) {
    const half = link(blocks[0]?.cid as CID);
    blocks.unshift(await nodeOf(new UnixFS({ type: 'file', blockSizes: [size, size] }), [half, half]));
  }
  return blocks;
}

/** A shard of a folder with all 256 places taken; a link named by its place alone leads to another shard. */
function shardOf(linkAt: (at: { readonly place: string }) => dagPb.PBLink): Promise<Block> {
  const places = Array.from({ length: 256 }, (_, index) => index.toString(16).toUpperCase().padStart(2, '0'));
  const shard = new UnixFS({ type: 'hamt-sharded-directory', hashType: 0x22n, fanout: 256n, data: new Uint8Array(32).fill(255) });
  return nodeOf(
    shard,
    places.map((place) => linkAt({ place })),
  );
}

const link = (Hash: CID, Name = ''): dagPb.PBLink => ({ Hash, Name, Tsize: 1 });

async function nodeOf(unixfs: UnixFS, links: dagPb.PBLink[]): Promise<Block> {
  const bytes = dagPb.encode(dagPb.prepare({ Data: unixfs.marshal(), Links: links }));
  return { cid: CID.createV1(dagPb.code, await sha256.digest(bytes)), bytes };
}

async function allOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

/** A store that took over a CAR of these blocks, of which the first is the root. */
async function storeOf(blocks: readonly Block[]): Promise<ContentStore> {
  const { writer, out } = CarWriter.create(blocks.slice(0, 1).map(({ cid }) => cid));
  const car = allOf(out);
  for (const block of blocks) await writer.put(block);
  await writer.close();
  const store = createMemoryStore();
  await store.importCar(Buffer.concat(await car));
  return store;
}
