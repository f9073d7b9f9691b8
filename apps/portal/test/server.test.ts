import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GleanerError } from '@gleaner/primitives';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Portal, startPortal } from '../src/server/startPortal.ts';
import { privateNetwork } from './privateNetwork.ts';

const KEY = `0x${'5e'.repeat(32)}`;
const id = `0x${'1'.repeat(64)}`;

let folder: string;
let portal: Portal | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-portal-'));
  await mkdir(join(folder, 'site', 'assets'), { recursive: true });
  await writeFile(join(folder, 'site', 'index.html'), '<!doctype html><title>site</title>');
  await writeFile(join(folder, 'site', 'assets', 'index-1.js'), 'export {};');
  await writeFile(join(folder, 'secret'), KEY);
});

afterEach(async () => {
  await portal?.close();
  portal = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function serve(site: Promise<string> = Promise.resolve(join(folder, 'site'))): Promise<string> {
  const told = Promise.withResolvers<void>();
  portal = await startPortal({ network: privateNetwork(KEY), host: '127.0.0.1', port: 0, site, onSite: () => told.resolve() });
  if (site !== never) await told.promise;
  return portal.url;
}

const never = new Promise<string>(() => undefined);

describe('the server of the portal', () => {
  test.each(['/', '/deals', `/deals/${id}`, `/tasks/${id}?x=1`, '/market', '/find?q=1'])('%s is the site', async (path) => {
    const response = await fetch((await serve()) + path);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<title>site</title>');
    expect(response.headers.get('cache-control')).toBe('no-cache');
  });

  test('pages that do not exist are 404 inside the site', async () => {
    const response = await fetch(`${await serve()}/deals/0x12`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('text/html');
  });

  test.each(['/assets/index-2.js', '/robots.txt', '/index.html.bak'])('%s is a plain 404', async (path) => {
    const response = await fetch((await serve()) + path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('text/plain');
  });

  test.each(['/../secret', '/%2e%2e/secret', '/assets/..%2f..%2fsecret', '/assets/%00', '//secret', '/..%5csecret'])(
    'no path leads out of the site: %s',
    async (path) => {
      const { status, body } = await rawGet(await serve(), path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body).not.toContain(KEY);
    },
  );

  test('every answer has the strict headers', async () => {
    const url = await serve();
    for (const path of ['/', '/assets/index-1.js', '/network.json', '/healthz', '/nothing.txt', '/no/page']) {
      const { headers } = await fetch(url + path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("connect-src 'self' http://127.0.0.1:9001 http://127.0.0.1:9002 http://127.0.0.1:9003;");
      expect(policy).not.toMatch(/unsafe|\*|9009/);
    }
  });

  test('network.json is the public part', async () => {
    const response = await fetch(`${await serve()}/network.json`);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ chainId: 1_337_001 });
    expect(text).not.toMatch(/5e5e5e|privateKey|accounts|9009/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('assets may be kept for ever', async () => {
    const response = await fetch(`${await serve()}/assets/index-1.js`);
    expect(response.headers.get('content-type')).toContain('text/javascript');
    expect(response.headers.get('cache-control')).toContain('immutable');
  });

  test('only reads are answered', async () => {
    const url = await serve();
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('a site under construction says so', async () => {
    const url = await serve(never);
    const response = await fetch(`${url}/deals`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('being built');
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: false, name: 'portal', site: 'building' });
  });

  test('a site that cannot be built says why', async () => {
    const url = await serve(Promise.reject(new GleanerError('internal-error', 'The portal cannot be built: <no disk>')));
    const response = await fetch(url);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('&#60;no disk&#62;');
  });

  test('a taken port is named', async () => {
    const { port } = new URL(await serve());
    const again = startPortal({ network: privateNetwork(KEY), host: '127.0.0.1', port: Number(port), site: never });
    await expect(again).rejects.toMatchObject({ code: 'port-taken' });
  });
});

/** `fetch` tidies paths up; this sends them as they are. */
function rawGet(url: string, path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end();
  });
}
