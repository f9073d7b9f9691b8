import { randomBytes } from 'node:crypto';
import type { Clock } from '@gleaner/primitives';
import { CarWriter } from '@ipld/car';
import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { sha256 } from 'multiformats/hashes/sha2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ContentStore, createMemoryStore } from '../src/index.ts';

/** A store under test, its clock, and how to get rid of it. */
interface Bench {
  readonly store: ContentStore;
  /** A second store over the same place, as another process would have it; absent when the place cannot be shared. */
  readonly other?: ContentStore;
  readonly clock: Clock & { nowMs(): number; advance(ms: number): void };
  /** Changes a stored block behind the store's back. */
  corrupt?(cid: string): Promise<void>;
  close(): Promise<void>;
}

export type OpenBench = (options: { readonly quotaBytes?: number }) => Promise<Bench>;

const MISSING = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o';
const CHUNK = 262_144;
const HOUR_MS = 3_600_000;

/** The laws of every content store, whatever lies under it. */
export function storeContract(name: string, open: OpenBench): void {
  describe(`content store: ${name}`, () => {
    let bench: Bench;
    let store: ContentStore;
    beforeEach(async () => {
      bench = await open({});
      store = bench.store;
    });
    afterEach(() => bench.close());

    describe('files', () => {
      it('gives back what was added, in any pieces, under either version', async () => {
        await fc.assert(
          fc.asyncProperty(anyPieces(), fc.constantFrom(0, 1), async (pieces, cidVersion) => {
            const { cid, sizeBytes } = await store.add(pieces, { cidVersion: cidVersion as 0 | 1 });
            expectBytes(await readAll(store.cat(cid)), Buffer.concat(pieces));
            expect(sizeBytes).toBe(Buffer.concat(pieces).length);
            expect(await store.stat(cid)).toEqual({ cid, kind: 'file', sizeBytes });
          }),
          { numRuns: 30 },
        );
      });

      it('names content by its bytes alone, not by how they came', async () => {
        const content = randomBytes(3 * CHUNK + 5);
        const whole = await store.add(content);
        const pieces = await store.add([content.subarray(0, 7), content.subarray(7, CHUNK + 9), content.subarray(CHUNK + 9)]);
        expect(pieces).toEqual(whole);
      });

      it('reads any range', async () => {
        const content = randomBytes(5 * CHUNK + 123);
        const { cid } = await store.add(content);
        await fc.assert(
          fc.asyncProperty(fc.nat(content.length), fc.nat(content.length), async (offset, length) => {
            expectBytes(await readAll(store.cat(cid, { offset, length })), content.subarray(offset, offset + length));
          }),
          { numRuns: 40 },
        );
        expect(await readAll(store.cat(cid, { offset: content.length }))).toHaveLength(0);
        await expect(readAll(store.cat(cid, { offset: content.length + 1 }))).rejects.toMatchObject({ code: 'bad-request' });
      });

      it('reads a range without touching the blocks outside it', async () => {
        if (bench.corrupt === undefined) return;
        const content = randomBytes(4 * CHUNK);
        const { cid } = await store.add(content, { cidVersion: 1 });
        const { cid: lastChunk } = await store.add(content.subarray(3 * CHUNK), { cidVersion: 1 });
        await bench.corrupt(lastChunk);
        expectBytes(await readAll(store.cat(cid, { length: 3 * CHUNK })), content.subarray(0, 3 * CHUNK));
      });

      it('stops when it is cancelled', async () => {
        const { cid } = await store.add(randomBytes(4 * CHUNK));
        const controller = new AbortController();
        const pieces = store.cat(cid, { signal: controller.signal });
        await pieces.next();
        controller.abort();
        await expect(pieces.next()).rejects.toMatchObject({ code: 'aborted' });
        await expect(store.add(randomBytes(10), { signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' });
      });

      it('passes the failure of a source on and stays usable', async () => {
        const failing = (async function* () {
          yield randomBytes(CHUNK + 1);
          throw new TypeError('source broke');
        })();
        await expect(store.add(failing)).rejects.toThrow('source broke');
        await expect(store.add(randomBytes(10))).resolves.toBeDefined();
      });
    });

    describe('folders', () => {
      it('finds files by path and lists items by name', async () => {
        const root = (await store.addFolder([file('a/b.txt', 'one'), file('c.txt', 'three'), { path: 'empty' }])).at(-1);
        expect(root).toMatchObject({ path: '', sizeBytes: 8 });
        expect(String(await readAll(store.cat(`/ipfs/${root?.cid}/a/b.txt`)))).toBe('one');
        expect((await store.list(`${root?.cid}`)).map(({ name }) => name)).toEqual(['a', 'c.txt', 'empty']);
        expect(await store.stat(`/p2p/${root?.cid}/a/`)).toMatchObject({ kind: 'folder' });
        expect(await store.list(`${root?.cid}/empty`)).toEqual([]);
      });

      it('finds a file in a folder that is too large for one block', async () => {
        const name = (i: number) => `${i}-${'long'.repeat(240)}`;
        const files = Array.from({ length: 300 }, (_, i) => file(name(i), `${i % 7}`));
        const root = (await store.addFolder(files)).at(-1)?.cid;
        expect(String(await readAll(store.cat(`${root}/${name(171)}`)))).toBe(`${171 % 7}`);
        await expect(store.stat(`${root}/${name(300)}`)).rejects.toMatchObject({ code: 'content-not-found' });
        expect(await store.list(`${root}`)).toHaveLength(300);
      });

      it('refuses paths that leave the folder', async () => {
        for (const path of ['../a', '/a', 'a//b', '.', 'a/..', '']) {
          await expect(store.addFolder([file(path, 'x')])).rejects.toMatchObject({ code: 'bad-request' });
        }
      });

      it('says what is wrong with a reference', async () => {
        const root = (await store.addFolder([file('a', 'x')])).at(-1)?.cid;
        const cases = [
          ['', 'bad-request'],
          ['nonsense', 'bad-request'],
          ['/ipns/example', 'bad-request'],
          [`${root}/../a`, 'bad-request'],
          ['bafkr4iae4c5tt4yldi76xcpvg3etxykqkvec352im5fqbutolj2xo5yc5e', 'bad-request'], // blake3
          [MISSING, 'content-not-found'],
          [`${root}/b`, 'content-not-found'],
          [`${root}/a/b`, 'content-not-found'],
        ] as const;
        for (const [reference, code] of cases) await expect(store.stat(reference), reference).rejects.toMatchObject({ code });
        await expect(readAll(store.cat(`${root}`))).rejects.toMatchObject({ code: 'bad-request' });
        await expect(store.list(`${root}/a`)).rejects.toMatchObject({ code: 'bad-request' });
      });
    });

    describe('verification', () => {
      it('never gives bytes that do not hash to their id, and adding them again repairs the store', async () => {
        if (bench.corrupt === undefined) return;
        const content = randomBytes(1000);
        const { cid } = await store.add(content);
        await bench.corrupt(cid);
        await expect(readAll(store.cat(cid))).rejects.toMatchObject({ code: 'content-corrupt' });
        expect(await store.has(cid)).toBe(false);
        await store.add(content);
        expectBytes(await readAll(store.cat(cid)), content);
      });

      it('has content only when all of it is there', async () => {
        const content = randomBytes(2 * CHUNK);
        expect(await store.has(MISSING)).toBe(false);
        const { cid } = await store.add(content);
        expect(await store.has(cid)).toBe(true);
      });
    });

    describe('pins and garbage', () => {
      it('keeps what is pinned and what is fresh, deletes the rest', async () => {
        const kept = await store.add(randomBytes(3 * CHUNK), { pin: true });
        const lost = await store.add(randomBytes(3 * CHUNK));
        bench.clock.advance(2 * HOUR_MS);
        const fresh = await store.add(randomBytes(10));
        const garbage = await store.collectGarbage();
        expect(garbage.blocks).toBe(4);
        expect(garbage.bytes).toBe(lost.dagBytes);
        expect(await store.has(kept.cid)).toBe(true);
        expect(await store.has(fresh.cid)).toBe(true);
        expect(await store.has(lost.cid)).toBe(false);
        expect((await store.usage()).bytes).toBe(kept.dagBytes + fresh.dagBytes);
      });

      it('keeps blocks that a pinned and an unpinned file share', async () => {
        const common = randomBytes(CHUNK);
        const kept = await store.add([common, randomBytes(10)], { pin: true });
        await store.add([common, randomBytes(10)]);
        await store.collectGarbage({ graceMs: 0 });
        expect(await store.has(kept.cid)).toBe(true);
      });

      it('keeps what is pinned when somebody pins its first block as plain bytes, in whatever order', async () => {
        const kept = await store.add(randomBytes(3 * CHUNK), { pin: true });
        const plain = await store.add(await store.block(kept.cid), { cidVersion: 1, pin: true });
        const again = await store.add(randomBytes(3 * CHUNK));
        await store.add(await store.block(again.cid), { cidVersion: 1, pin: true });
        await store.pin(again.cid);
        for (const _ of ['first', 'with what the first remembered']) {
          bench.clock.advance(2 * HOUR_MS);
          expect(await store.collectGarbage()).toEqual({ blocks: 0, bytes: 0 });
        }
        expect(await Promise.all([kept, plain, again].map(({ cid }) => store.has(cid)))).toEqual([true, true, true]);
      });

      it('takes adding again as a sign of life', async () => {
        const content = randomBytes(10);
        const { cid } = await store.add(content);
        bench.clock.advance(2 * HOUR_MS);
        await store.add(content);
        await store.collectGarbage();
        expect(await store.has(cid)).toBe(true);
      });

      it('pins only what is complete, as often as one likes, under either version of the id', async () => {
        await expect(store.pin(MISSING)).rejects.toMatchObject({ code: 'content-not-found' });
        const { cid } = await store.add(randomBytes(10));
        await store.pin(cid);
        await store.pin(cid);
        expect(await store.pins()).toEqual([cid]);
        expect(await store.isPinned(cid)).toBe(true);
        await store.unpin(cid);
        await store.unpin(cid);
        expect(await store.pins()).toEqual([]);
        await store.collectGarbage({ graceMs: 0 });
        expect(await store.has(cid)).toBe(false);
      });
    });

    describe('CAR', () => {
      it('carries files and folders to another store', async () => {
        const root = (await store.addFolder([{ path: 'big', content: randomBytes(3 * CHUNK) }, file('d/small', 'x')])).at(-1)?.cid ?? '';
        const target = createMemoryStore();
        expect(await target.importCar(store.exportCar(root), { pin: true })).toEqual([root]);
        expect(await target.pins()).toEqual([root]);
        expectBytes(await readAll(target.cat(`${root}/big`)), await readAll(store.cat(`${root}/big`)));
        expectBytes(await readAll(target.exportCar(root)), await readAll(store.exportCar(root)));
      });

      it('takes each root of a CAR once, however often it is named, and not more than a thousand', async () => {
        const source = createMemoryStore();
        const { cid } = await source.add(randomBytes(2 * CHUNK));
        const car = await readAll(source.exportCar(cid));
        const named = async (roots: readonly string[]) =>
          Buffer.concat([await headerOf(roots), car.subarray((await headerOf([cid])).length)]);
        const startedAt = performance.now();
        expect(await store.importCar(await named(Array.from({ length: 20_000 }, () => cid)), { pin: true })).toEqual([cid]);
        expect(performance.now() - startedAt).toBeLessThan(10_000);
        const others = Array.from({ length: 1_001 }, () => CID.createV1(CID.parse(cid).code, createDigest(sha256.code, randomBytes(32))));
        await expect(store.importCar(await named(others.map(String)))).rejects.toMatchObject({ code: 'bad-request' });
      });

      it('refuses a block that does not hash to its id, a part of the content, and other bytes', async () => {
        const { cid } = await createMemoryStore().add(randomBytes(10));
        expect(await store.has(cid)).toBe(false);
        const source = createMemoryStore();
        const added = await source.add(randomBytes(2 * CHUNK));
        const car = await readAll(source.exportCar(added.cid));
        const flipped = Buffer.from(car);
        flipped.writeUInt8(flipped.readUInt8(car.length - 10) ^ 1, car.length - 10);
        await expect(store.importCar(flipped)).rejects.toMatchObject({ code: 'content-corrupt' });
        await expect(store.importCar(car.subarray(0, car.length - CHUNK - 52))).rejects.toMatchObject({
          code: expect.stringMatching(/^(bad-request|content-not-found)$/),
        });
        await expect(store.importCar(car.subarray(0, car.length - 5))).rejects.toMatchObject({ code: 'bad-request' });
        await expect(store.importCar(randomBytes(100))).rejects.toMatchObject({ code: 'bad-request' });
        await expect(store.importCar(new Uint8Array())).rejects.toMatchObject({ code: 'bad-request' });
        await expect(store.importCar(car, { maxBytes: 1000 })).rejects.toMatchObject({ code: 'content-too-large' });
        expect(await store.has(added.cid)).toBe(false);
        await store.importCar(car);
        expect(await store.has(added.cid)).toBe(true);
      });
    });

    describe('sharing', () => {
      it('shows each store what the other has, without delay', async () => {
        if (bench.other === undefined) return;
        const contents = Array.from({ length: 20 }, () => randomBytes(CHUNK + 1));
        const added = await Promise.all(contents.map((content, i) => (i % 2 === 0 ? store : (bench.other ?? store)).add(content)));
        const same = await Promise.all([store.add(contents[0] ?? []), bench.other.add(contents[0] ?? [])]);
        expect(same[0]).toEqual(same[1]);
        for (const [i, { cid }] of added.entries()) {
          expectBytes(await readAll(store.cat(cid)), contents[i]);
          expectBytes(await readAll(bench.other.cat(cid)), contents[i]);
        }
      });

      it('never loses content that one store adds while the other collects garbage', async () => {
        const other = bench.other;
        if (other === undefined) return;
        const contents = Array.from({ length: 10 }, () => randomBytes(CHUNK));
        for (const content of contents) await store.add(content);
        bench.clock.advance(2 * HOUR_MS);
        const collecting = other.collectGarbage();
        const added = await Promise.all(contents.map((content) => store.add(content)));
        await collecting;
        for (const { cid } of added) expect(await store.has(cid)).toBe(true);
      });
    });

    it('never takes more than the quota, however many add at once', async () => {
      const small = await open({ quotaBytes: 3 * CHUNK });
      try {
        const adding = Array.from({ length: 8 }, () => small.store.add(randomBytes(CHUNK), { cidVersion: 1 }));
        const added = (await Promise.allSettled(adding)).filter(({ status }) => status === 'fulfilled');
        expect(added).toHaveLength(3);
        expect((await small.store.usage()).bytes).toBe(3 * CHUNK);
      } finally {
        await small.close();
      }
    });

    it('refuses what exceeds the quota and takes it once there is room', async () => {
      const small = await open({ quotaBytes: 2 * CHUNK });
      try {
        const { cid } = await small.store.add(randomBytes(CHUNK));
        await expect(small.store.add(randomBytes(2 * CHUNK))).rejects.toMatchObject({ code: 'quota-exceeded' });
        expect(await small.store.has(cid)).toBe(true);
        await small.store.collectGarbage({ graceMs: 0 });
        await expect(small.store.add(randomBytes(CHUNK))).resolves.toBeDefined();
      } finally {
        await small.close();
      }
    });
  });
}

/** Files around the sizes where the shape changes: empty, one chunk, several. */
function anyPieces(): fc.Arbitrary<Uint8Array[]> {
  const size = fc.oneof(fc.nat(300), fc.integer({ min: CHUNK - 2, max: CHUNK + 2 }), fc.integer({ min: 1, max: 3 * CHUNK }));
  return fc.array(
    size.map((length) => new Uint8Array(randomBytes(length))),
    { maxLength: 3 },
  );
}

function file(path: string, text: string): { path: string; content: Uint8Array } {
  return { path, content: new TextEncoder().encode(text) };
}

/** Compares whole buffers; the matcher of the test runner would walk them byte by byte. */
function expectBytes(actual: Uint8Array, expected: Uint8Array | undefined): void {
  expect(actual.length).toBe(expected?.length);
  expect(Buffer.compare(actual, expected ?? new Uint8Array())).toBe(0);
}

/** First bytes of a CAR with these roots. */
async function headerOf(roots: readonly string[]): Promise<Buffer> {
  const { writer, out } = CarWriter.create(roots.map((root) => CID.parse(root)));
  void writer.close();
  return readAll(out);
}

async function readAll(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
