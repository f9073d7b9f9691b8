import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { downloadUrl } from './downloadUrl.ts';

const MAX_BYTES = 1000;
const ANSWERS: Readonly<Record<string, RequestListener>> = {
  '/file?key=1': (_, response) => response.end('the file'),
  '/moved': (_, response) => response.writeHead(302, { location: '/file?key=1' }).end(),
  '/round': (_, response) => response.writeHead(302, { location: '/round' }).end(),
  '/away': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/nowhere': (_, response) => response.writeHead(302).end(),
  '/large': (_, response) => response.end('x'.repeat(MAX_BYTES + 1)),
  '/endless': (_, response) => {
    const more = setInterval(() => response.write('x'.repeat(300)), 5);
    response.on('close', () => clearInterval(more));
  },
  '/silent': () => undefined,
  '/stuck': (_, response) => void response.write('the beginning'),
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': '500' }).write('half');
    setTimeout(() => response.destroy(), 20);
  },
  '/partial': (_, response) => response.writeHead(206).end('part'),
};

let server: Server;
let folder: string;
let origin: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-download-'));
  server = createServer((request, response) => {
    const answer = ANSWERS[request.url ?? ''];
    if (answer === undefined) response.writeHead(404).end('an answer that nobody repeats');
    else answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

test('saves what a URL gives, over redirects, and under a name', async () => {
  for (const url of [`${origin}/file?key=1`, `${origin}/moved`, `${origin.replace('127.0.0.1', 'localhost')}/moved`]) {
    await download(url);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('the file');
    await rm(join(folder, 'file'));
  }
});

test.each([
  ['/missing', 'input-unreachable', 'status 404'],
  ['/partial', 'input-unreachable', 'status 206'],
  ['/nowhere', 'input-unreachable', 'status 302'],
  ['/round', 'input-unreachable', 'more than 3 redirects'],
  ['/away', 'input-unreachable', 'a redirect to file:'],
  ['/large', 'content-too-large', 'larger than 1000 bytes'],
  ['/endless', 'content-too-large', 'larger than 1000 bytes'],
  ['/silent', 'input-unreachable', 'no end after 300 ms'],
  ['/stuck', 'input-unreachable', 'no end after 300 ms'],
  ['/cut', 'input-unreachable', 'ECONNRESET'],
])('%s ends with %s: %s, and leaves nothing', async (path, code, message) => {
  const failure = await download(origin + path).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code, message: expect.stringContaining(message) });
  expect(JSON.stringify(failure)).not.toContain('nobody repeats');
  expect(await readdir(folder)).toEqual([]);
});

test('is stopped when its task is', async () => {
  const stop = new AbortController();
  const running = download(`${origin}/silent`, { signal: stop.signal, timeoutMs: 60_000 });
  setTimeout(() => stop.abort(), 50);
  await expect(running).rejects.toMatchObject({ code: 'aborted' });
});

test('calls no address of the machine or its networks where that is not allowed, however it is spelt or reached', async () => {
  const { port } = server.address() as AddressInfo;
  const spellings = ['127.0.0.1', '127.1', '0x7f000001', '2130706433', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]', 'localhost'];
  for (const host of spellings)
    await expect(download(`http://${host}:${port}/file?key=1`, { allowPrivate: false }), host).rejects.toMatchObject({
      code: 'input-unreachable',
      message: expect.stringContaining('is not on the public internet'),
    });
  await expect(download('http://169.254.169.254/latest/meta-data', { allowPrivate: false })).rejects.toMatchObject({
    code: 'input-unreachable',
  });
});

function download(url: string, options: Partial<Parameters<typeof downloadUrl>[1]> = {}): Promise<void> {
  const { signal } = new AbortController();
  return downloadUrl(url, { path: join(folder, 'file'), maxBytes: MAX_BYTES, signal, allowPrivate: true, timeoutMs: 300, ...options });
}
