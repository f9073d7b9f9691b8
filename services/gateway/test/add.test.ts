import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { computeCid, createMemoryStore } from '@gleaner/content';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, linesOf, openGateway } from './testGateway.ts';

const HELLO = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o';

describe('adding content as to kubo', () => {
  it('answers with name, content id and size, one JSON line per file', async () => {
    const { url, content } = await openGateway();
    const response = await add(url, [
      ['hello.txt', 'hello world\n'],
      ['', ''],
    ]);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await linesOf(response)).toEqual([
      { Name: 'hello.txt', Hash: HELLO, Size: '20' },
      { Name: expect.any(String), Hash: 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH', Size: '6' },
    ]);
    expect(await content.isPinned(HELLO)).toBe(true);
  });

  it('gives every content the id that it has, and gives it back', async () => {
    const { url } = await openGateway();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.nat(200), fc.integer({ min: 262_140, max: 262_150 }), fc.nat(1_500_000)), async (size) => {
        const bytes = randomBytes(size);
        const [line] = await linesOf(await add(url, [['f', bytes]]));
        expect(line?.Hash).toBe(await computeCid(bytes));
        const back = Buffer.from(await (await fetch(`${url}/ipfs/${line?.Hash}`)).arrayBuffer());
        expect(Buffer.compare(back, bytes)).toBe(0);
      }),
      { numRuns: 15 },
    );
  });

  it('takes a folder, and wraps files in one', async () => {
    const { url } = await openGateway();
    const planets = [
      ['planets/mars.txt', 'Hello Mars!\n'],
      ['planets%2Fvenus.txt', 'Hello Venus!\n'],
    ] as const;
    const lines = await linesOf(await add(url, planets));
    expect(lines.map(({ Name }) => Name)).toEqual(['planets/mars.txt', 'planets/venus.txt', 'planets']);
    expect(lines.at(-1)?.Hash).toBe('QmWSgS32xQEcXMeqd3YPJLrNBLSdsfYCep2U7CFkyrjXwY');
    const wrapped = await linesOf(await add(url, [['hello.txt', 'hello world\n']], '&wrap-with-directory=true'));
    expect(wrapped.map(({ Name }) => Name)).toEqual(['hello.txt', '']);
    const read = await fetch(`${url}/ipfs/${wrapped.at(-1)?.Hash}/hello.txt`);
    expect(await read.text()).toBe('hello world\n');
  });

  it('follows cid-version, pin and only-hash', async () => {
    const { url, content } = await openGateway();
    const [v1] = await linesOf(await add(url, [['f', 'hello world\n']], '&cid-version=1&pin=false'));
    expect(v1?.Hash).toBe('bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4');
    expect(await content.pins()).toEqual([]);
    const [hashed] = await linesOf(await add(url, [['f', 'only the hash']], '&only-hash=true'));
    expect(hashed?.Hash).toBe(await computeCid(new TextEncoder().encode('only the hash')));
    expect(await content.has(`${hashed?.Hash}`)).toBe(false);
  });

  it.each(['&cid-version=2', '&chunker=rabin', '&hash=blake3', '&raw-leaves=true', '&trickle=true', '&pin=perhaps', '&nocopy=true'])(
    'refuses %s rather than give another id than kubo',
    async (query) => {
      const { url } = await openGateway();
      const response = await add(url, [['f', 'x']], query);
      expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ ok: false, code: 'bad-request' })]);
    },
  );

  it.each([['../escape'], ['a/../../escape'], ['a//b'], ['.']])('refuses the path %j', async (name) => {
    const { url } = await openGateway();
    const response = await add(url, [[`folder/${name}`, 'x']]);
    expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ code: 'bad-request' })]);
  });

  it('refuses what is no form, an empty form and a broken form', async () => {
    const { url } = await openGateway();
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const part = '--b\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\nhalf';
    const cases: RequestInit[] = [
      { body: 'text' },
      { body: '{}', headers: { 'content-type': 'application/json' } },
      { body: new FormData() },
      { body: 'x', headers: { 'content-type': 'multipart/form-data' } },
      { body: part, headers },
      { body: 'nonsense', headers },
      { body: '--b--\r\n', headers },
    ];
    for (const init of cases) {
      const response = await fetch(`${url}/api/v0/add`, { method: 'POST', ...init });
      expect([init.body, response.status, await response.json()]).toEqual([
        init.body,
        expect.toBeOneOf([400, 415]),
        expect.objectContaining({ ok: false }),
      ]);
    }
    expect((await add(url, [['f', 'still alive']])).status).toBe(200);
  });

  it('refuses more than the limit, announced or not, over all files together', async () => {
    const { url, content } = await openGateway({ limits: { maxAddBytes: 500_000 } });
    for (const files of [
      [['a', randomBytes(3_000_000)]],
      [['a', randomBytes(500_001)]],
      [
        ['a', randomBytes(300_000)],
        ['b', randomBytes(300_000)],
      ],
    ] as const) {
      const response = await add(url, files);
      expect([response.status, await response.json()]).toEqual([413, expect.objectContaining({ ok: false, code: 'content-too-large' })]);
    }
    expect(await content.pins()).toHaveLength(1);
    expect((await add(url, [['a', randomBytes(500_000)]])).status).toBe(200);
  });

  it('says when its quota is used up', async () => {
    const { url } = await openGateway({ content: createMemoryStore({ quotaBytes: 100_000 }) });
    const response = await add(url, [['a', randomBytes(200_000)]]);
    expect([response.status, await response.json()]).toEqual([507, expect.objectContaining({ code: 'quota-exceeded' })]);
    expect((await add(url, [['a', randomBytes(50_000)]])).status).toBe(200);
  });

  it('takes forms of other pages only from origins it knows', async () => {
    const { url } = await openGateway({ allowedOrigins: ['https://portal.example'] });
    const from = (origin: string) => {
      const body = new FormData();
      body.append('file', new Blob(['x']), 'f');
      return fetch(`${url}/api/v0/add`, { method: 'POST', body, headers: { origin } });
    };
    expect((await from('https://evil.example')).status).toBe(403);
    expect((await from('null')).status).toBe(403);
    expect((await from('https://portal.example')).status).toBe(200);
    expect((await from(url)).status).toBe(200);
  });

  it('takes no form of a page whose foreign name was made to lead here', async () => {
    const { url } = await openGateway({ allowedOrigins: ['http://portal.example'] });
    const from = (host: string) => addNamed(url, host);
    expect(await from('evil.example:8080')).toBe(403);
    expect(await from('localhost.evil.example')).toBe(403);
    for (const ours of ['127.0.0.1', 'localhost:8080', '[::1]:8080', '192.0.2.7', 'portal.example']) expect(await from(ours)).toBe(200);
  });

  it('turns uploads away when too many are under way, and forgets those that go away', async () => {
    const { url } = await openGateway({ limits: { maxUploads: 2 } });
    const stuck = [1, 2].map(() => beginUpload(url));
    await Promise.all(stuck.map(({ started }) => started));
    const refused = await add(url, [['f', 'x']]);
    expect([refused.status, await refused.json()]).toEqual([429, expect.objectContaining({ code: 'rate-limited' })]);
    for (const { abandon } of stuck) abandon();
    await expect.poll(async () => (await add(url, [['f', 'x']])).status).toBe(200);
  });
});

/** An upload that sends the beginning of a file and then nothing. */
function beginUpload(url: string): { readonly started: Promise<void>; abandon(): void } {
  const upload = request(`${url}/api/v0/add`, { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b' } });
  upload.on('error', () => undefined);
  const started = new Promise<void>((resolve) => {
    upload.write('--b\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\nhalf a file', () => setTimeout(resolve, 100));
  });
  return { started, abandon: () => upload.destroy() };
}

/** Status of an upload by a page that the browser takes for one of this host. */
async function addNamed(url: string, host: string): Promise<number | undefined> {
  const headers = { host, origin: `http://${host}`, 'content-type': 'multipart/form-data; boundary=b' };
  const form = '--b\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\nx\r\n--b--\r\n';
  const sent = request(`${url}/api/v0/add`, { method: 'POST', headers }).end(form);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}
