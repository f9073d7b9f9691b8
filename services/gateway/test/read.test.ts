import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ContentStore, createDiskStore, createMemoryStore } from '@gleaner/content';
import { GleanerError } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseRange } from '../src/domain/parseRange.ts';
import { openGateway, type TestGateway } from './testGateway.ts';

const CHUNK = 262_144;
const MISSING = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o';

describe('reading content', () => {
  it('gives a file under either version of its id and either prefix, for ever the same', async () => {
    const gateway = await openGateway();
    for (const cidVersion of [0, 1] as const) {
      const { cid } = await gateway.content.add(Buffer.from('hello'), { cidVersion });
      for (const prefix of ['/ipfs/', '/p2p/']) {
        const response = await fetch(`${gateway.url}${prefix}${cid}`);
        expect(await response.text()).toBe('hello');
        expect(Object.fromEntries(response.headers)).toMatchObject({
          etag: `"${cid}"`,
          'cache-control': expect.stringContaining('immutable'),
          'content-length': '5',
          'accept-ranges': 'bytes',
          'access-control-allow-origin': '*',
          'x-content-type-options': 'nosniff',
          'content-security-policy': expect.stringContaining('sandbox'),
        });
      }
    }
  });

  it('answers HEAD with the same headers and no body', async () => {
    const { url, cid } = await withFile(await openGateway(), randomBytes(2 * CHUNK));
    const [head, whole] = [await fetch(`${url}/ipfs/${cid}`, { method: 'HEAD' }), await fetch(`${url}/ipfs/${cid}`)];
    await whole.arrayBuffer();
    const headers = (response: Response) =>
      Object.fromEntries([...response.headers].filter(([name]) => !['date', 'x-request-id', 'connection', 'keep-alive'].includes(name)));
    expect(head.status).toBe(200);
    expect(headers(head)).toEqual(headers(whole));
    expect(await head.text()).toBe('');
  });

  it('gives any range, and says when it lies beyond the end', async () => {
    const bytes = randomBytes(3 * CHUNK + 17);
    const { url, cid } = await withFile(await openGateway(), bytes);
    const range = async (value: string) => fetch(`${url}/ipfs/${cid}`, { headers: { range: value } });
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(bytes.length), async (from, length) => {
        const response = await range(`bytes=${from}-${from + length}`);
        const to = Math.min(bytes.length, from + length + 1);
        expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${from}-${to - 1}/${bytes.length}`]);
        expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), bytes.subarray(from, to))).toBe(0);
      }),
      { numRuns: 25 },
    );
    const tail = await range('bytes=-10');
    expect(Buffer.compare(Buffer.from(await tail.arrayBuffer()), bytes.subarray(-10))).toBe(0);
    const beyond = await range(`bytes=${bytes.length}-`);
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
    expect((await range('bytes=0-1,5-6')).status).toBe(200);
    const stale = await fetch(`${url}/ipfs/${cid}`, { headers: { range: 'bytes=0-9', 'if-range': '"other"' } });
    expect(stale.status).toBe(200);
    const fresh = await fetch(`${url}/ipfs/${cid}`, { headers: { range: 'bytes=0-9', 'if-range': `"${cid}"` } });
    expect(fresh.status).toBe(206);
  });

  it('does not send again what the reader has', async () => {
    const { url, cid } = await withFile(await openGateway(), Buffer.from('x'));
    for (const tag of [`"${cid}"`, `W/"${cid}"`, `"a", "${cid}"`, '*']) {
      expect((await fetch(`${url}/ipfs/${cid}`, { headers: { 'if-none-match': tag } })).status).toBe(304);
    }
  });

  it('finds files in folders, lists folders, and names files for the reader', async () => {
    const { url, content } = await openGateway();
    const files = [
      { path: 'a b/ü.json', content: Buffer.from('{}') },
      { path: 'page.html', content: Buffer.from('<script>') },
    ];
    const root = (await content.addFolder(files)).at(-1)?.cid;
    const json = await fetch(`${url}/ipfs/${root}/a%20b/%C3%BC.json`);
    expect([await json.text(), json.headers.get('content-type')]).toEqual(['{}', 'application/json']);
    expect(json.headers.get('content-disposition')).toBe(`inline; filename="_.json"; filename*=UTF-8''%C3%BC.json`);
    expect((await fetch(`${url}/ipfs/${root}/page.html`)).headers.get('content-type')).toBe('application/octet-stream');
    const saved = await fetch(`${url}/ipfs/${root}/page.html?download=true&filename=a%22b%0d%0a.txt`);
    expect(saved.headers.get('content-disposition')).toBe(`attachment; filename="a_b__.txt"; filename*=UTF-8''a%22b%0D%0A.txt`);
    const list = await (await fetch(`${url}/ipfs/${root}/`)).json();
    expect(list).toMatchObject({ ok: true, cid: root, items: [{ name: 'a b' }, { name: 'page.html' }] });
  });

  it('gives a block or a whole CAR to those who check for themselves', async () => {
    const bytes = randomBytes(2 * CHUNK);
    const { url, cid } = await withFile(await openGateway(), bytes);
    const other = createMemoryStore();
    const car = await fetch(`${url}/ipfs/${cid}?format=car`);
    expect(car.headers.get('content-type')).toContain('application/vnd.ipld.car');
    expect(await other.importCar(new Uint8Array(await car.arrayBuffer()))).toEqual([cid]);
    const block = await fetch(`${url}/ipfs/${cid}`, { headers: { accept: 'application/vnd.ipld.raw' } });
    expect(Buffer.compare(Buffer.from(await block.arrayBuffer()), await other.block(cid))).toBe(0);
    expect(block.headers.get('etag')).not.toBe(`"${cid}"`);
  });

  it.each([
    [`/ipfs/${MISSING}`, 404, 'content-not-found'],
    [`/ipfs/${MISSING}/a`, 404, 'content-not-found'],
    ['/ipfs/', 400, 'bad-request'],
    ['/ipfs/nonsense', 400, 'bad-request'],
    [`/ipfs/${'x'.repeat(5000)}`, 400, 'bad-request'],
    [`/ipfs/${MISSING}/..%2f..%2fetc%2fpasswd`, 400, 'bad-request'],
    [`/ipfs/${MISSING}/%2e%2e/x`, 400, 'bad-request'],
    [`/ipfs/${MISSING}/a%00b`, 400, 'bad-request'],
    ['/ipfs/..%2f..%2fetc%2fpasswd', 400, 'bad-request'],
    [`/ipfs/${MISSING}?format=tar`, 404, 'content-not-found'],
    ['/ipns/example.org', 404, 'not-found'],
  ])('answers %s with %i and a reason', async (path, status, code) => {
    const { url } = await openGateway();
    const { port } = new URL(url);
    const response = await rawGet(Number(port), path);
    expect(response).toMatchObject({ status });
    expect(JSON.parse(response.body)).toMatchObject({ ok: false, code, error: expect.any(String) });
    expect(response.cacheControl).not.toContain('immutable');
  });

  it('says when bytes are damaged, and never sends them', async () => {
    const content = createMemoryStore();
    const { cid } = await content.add(randomBytes(3 * CHUNK));
    const { url } = await openGateway({ content: damaged(content, 0) });
    const response = await fetch(`${url}/ipfs/${cid}`);
    expect([response.status, await response.json()]).toEqual([502, expect.objectContaining({ code: 'content-corrupt' })]);
    expect([response.headers.get('cache-control'), response.headers.get('etag')]).toEqual([null, null]);
    const { url: later } = await openGateway({ content: damaged(content, 1) });
    const broken = await fetch(`${later}/ipfs/${cid}`);
    await expect(broken.arrayBuffer()).rejects.toThrow();
  });

  it('never serves a block that was damaged on its disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gleaner-gateway-disk-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const content = await createDiskStore(folder);
    const { url } = await openGateway({ content });
    const { cid } = await content.add(randomBytes(3 * CHUNK));
    const files = await readdir(join(folder, 'blocks'), { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      const path = join(file.parentPath, file.name);
      const bytes = await readFile(path);
      await writeFile(path, bytes.fill(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20, bytes.length - 19));
    }
    const damagedAnswer = await fetch(`${url}/ipfs/${cid}`);
    expect([damagedAnswer.status, await damagedAnswer.json()]).toEqual([502, expect.objectContaining({ code: 'content-corrupt' })]);
  });

  it('keeps little in memory for a slow reader, and cuts off one that has stopped', async () => {
    let given = 0;
    let hasEnded = false;
    const content = createMemoryStore();
    const { cid, sizeBytes } = await content.add(randomBytes(40 * CHUNK));
    const counted: ContentStore = {
      ...content,
      async *cat(reference, options) {
        try {
          for await (const piece of content.cat(reference, options)) {
            given += piece.length;
            yield piece;
          }
        } finally {
          hasEnded = true;
        }
      },
    };
    const { url } = await openGateway({ content: counted, limits: { idleTimeoutMs: 1500 } });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.write(`GET /ipfs/${cid} HTTP/1.1\r\nhost: x\r\n\r\n`);
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 700));
    const early = given;
    expect(early).toBeLessThan(sizeBytes);
    await expect.poll(() => hasEnded, { timeout: 15_000 }).toBe(true);
    expect(given).toBe(early);
    socket.resume();
    await closed;
  });

  it('answers its health', async () => {
    const { url } = await openGateway();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

describe('range header', () => {
  it.each([
    [undefined, 10, 'whole'],
    ['bytes=0-', 10, { from: 0, to: 10 }],
    ['bytes=3-5', 10, { from: 3, to: 6 }],
    ['bytes=3-99', 10, { from: 3, to: 10 }],
    ['bytes=-4', 10, { from: 6, to: 10 }],
    ['bytes=-40', 10, { from: 0, to: 10 }],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=5-3', 10, 'whole'],
    ['bytes=-', 10, 'whole'],
    ['bytes=a-b', 10, 'whole'],
    ['bytes=1-2,4-5', 10, 'whole'],
    ['lines=1-2', 10, 'whole'],
    ['bytes=99999999999999999999-', 10, 'whole'],
  ])('%s of %i bytes', (header, size, expected) => {
    const range = parseRange(header, size);
    expect(range).toEqual(typeof expected === 'string' ? { kind: expected } : { kind: 'part', ...expected });
  });
});

async function withFile(gateway: TestGateway, bytes: Uint8Array): Promise<{ url: string; cid: string }> {
  return { url: gateway.url, cid: (await gateway.content.add(bytes)).cid };
}

/** The store as if its disk had gone bad after so many pieces. */
function damaged(content: ContentStore, after: number): ContentStore {
  return {
    ...content,
    async *cat(reference, options) {
      let count = 0;
      for await (const piece of content.cat(reference, options)) {
        if (count++ >= after) throw new GleanerError('content-corrupt', `${reference} is damaged`);
        yield piece;
      }
    },
  };
}

/** Sends the path as it is; fetch would tidy it. */
function rawGet(port: number, path: string): Promise<{ status: number | undefined; body: string; cacheControl: string }> {
  return new Promise((resolve, reject) => {
    get({ port, path }, (response) => {
      let body = '';
      response.on('data', (piece) => {
        body += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode, body, cacheControl: response.headers['cache-control'] ?? '' }));
    }).on('error', reject);
  });
}
