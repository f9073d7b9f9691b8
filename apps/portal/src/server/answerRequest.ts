import type { NetworkDescription } from '@gleaner/sdk';
import { parseRoute } from '../navigation/route.ts';
import { noticePage } from './noticePage.ts';
import type { Site } from './readSite.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Whether there is a site to serve. */
export type SiteState =
  | { readonly state: 'building' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'ready'; readonly site: Site };

export interface PortalContent {
  readonly network: NetworkDescription;
  readonly site: SiteState;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';
const FRESH = 'no-cache';
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Answers one request. Pages that exist answer 200, all others 404 with the portal around the message. */
export function answerRequest({ network, site }: PortalContent, method: string, target: string): Answer {
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Only GET and HEAD are answered here.', { allow: 'GET, HEAD' });
  const url = target.startsWith('/') ? URL.parse(`http://portal${target}`) : null;
  if (url === null) return plain(400, 'This is not an address.');
  const { pathname, searchParams } = url;
  if (pathname === '/healthz')
    return json(site.state === 'ready' ? 200 : 503, { ok: site.state === 'ready', name: 'portal', site: site.state });
  if (pathname === '/network.json') return json(200, network);
  if (site.state !== 'ready') return html(503, noticePage(site));
  const file = site.site.get(pathname);
  if (file !== undefined && pathname !== '/index.html') {
    return { status: 200, headers: { 'content-type': file.type, 'cache-control': file.isImmutable ? IMMUTABLE : FRESH }, body: file.body };
  }
  const shell = site.site.get('/index.html');
  if (shell === undefined || /\.\w+$/.test(pathname)) return plain(404, 'There is nothing here.');
  return html(parseRoute(pathname, searchParams).page === 'not-found' ? 404 : 200, shell.body);
}

function html(status: number, body: string | Buffer): Answer {
  return { status, headers: { 'content-type': HTML_TYPE, 'cache-control': FRESH }, body };
}

function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': JSON_TYPE, 'cache-control': 'no-store' }, body: `${JSON.stringify(value)}\n` };
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers }, body: `${text}\n` };
}
