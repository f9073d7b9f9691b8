import { Readable } from 'node:stream';
import { describeBytes, type HttpServer } from '@gleaner/api/server';
import type { ContentStat } from '@gleaner/content';
import { GleanerError } from '@gleaner/primitives';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mediaType } from '../domain/mediaType.ts';
import { parseRange } from '../domain/parseRange.ts';
import type { GatewayContext } from '../registerGateway.ts';
import { endOf } from './readUpload.ts';

/** What an id names never changes. */
const FOREVER = 'public, max-age=31536000, immutable';
/** Content is anybody's: it may be shown, but runs nothing, loads nothing and has no origin. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
const EXPOSED = 'content-length, content-range, content-disposition, etag, x-ipfs-path, x-request-id, retry-after';
const PIECE_BYTES = 262_144;

/** Statuses that say more than «500»: the id is right, this gateway just cannot give the bytes now. */
const STATUSES = { 'content-corrupt': 502, 'data-unreadable': 503, 'data-corrupt': 503 } as const;

type Format = 'file' | 'raw' | 'car';

/** `GET` and `HEAD` of `/ipfs/<cid>[/path]`, and of `/p2p/…`, as which a multiaddress comes back from a chain. */
export function registerReadRoutes(scope: HttpServer, context: GatewayContext): void {
  for (const prefix of ['/ipfs', '/p2p']) {
    scope.route({
      method: ['GET', 'HEAD'],
      url: `${prefix}/*`,
      schema: describeBytes({
        summary: 'The bytes of /<cid>[/path]; ?format=car or raw for blocks, Range for a part',
        produces: ['application/octet-stream'],
      }),
      handlerTimeout: context.limits.downloadTimeoutMs,
      config: { statuses: STATUSES },
      handler: (request, reply) => serve(context, request, reply, (request.params as { '*': string })['*']),
    });
  }
}

/** Headers that are true of content and not of an error. */
const ABOUT_CONTENT = ['etag', 'cache-control', 'x-ipfs-path', 'accept-ranges', 'content-range', 'content-disposition'];

async function serve(context: GatewayContext, request: FastifyRequest, reply: FastifyReply, reference: string): Promise<FastifyReply> {
  try {
    return await serveContent(context, request, reply, reference);
  } catch (error) {
    for (const name of ABOUT_CONTENT) reply.removeHeader(name);
    throw error;
  }
}

async function serveContent(
  context: GatewayContext,
  request: FastifyRequest,
  reply: FastifyReply,
  reference: string,
): Promise<FastifyReply> {
  const stat = await context.content.stat(reference);
  const format = formatOf(request);
  const etag = format === 'file' ? `"${stat.cid}"` : `"${stat.cid}.${format}"`;
  reply
    .header('etag', etag)
    .header('cache-control', FOREVER)
    .header('x-ipfs-path', `/ipfs/${encodeURI(reference)}`)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', POLICY)
    .header('cross-origin-resource-policy', 'cross-origin')
    .header('access-control-expose-headers', EXPOSED);
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
  if (format === 'raw') return sendBlock(context, request, reply, stat);
  if (format === 'car') return sendCar(context, request, reply, stat);
  if (stat.kind === 'folder') return sendList(context, reply, stat);
  return sendFile(context, request, reply, { stat, etag, name: nameFor(request, reply, reference) });
}

/** Name under which the reader sees a file, and its header: the one asked for, or the end of the path. */
function nameFor(request: FastifyRequest, reply: FastifyReply, reference: string): string | undefined {
  const { filename, download } = request.query as { filename?: unknown; download?: unknown };
  const name = typeof filename === 'string' && filename !== '' ? filename : nameOf(reference);
  if (name !== undefined) reply.header('content-disposition', disposition(name, download === 'true'));
  return name;
}

function formatOf(request: FastifyRequest): Format {
  const { format } = request.query as { format?: unknown };
  const accept = request.headers.accept ?? '';
  if (format === 'car' || (format === undefined && accept.includes('application/vnd.ipld.car'))) return 'car';
  if (format === 'raw' || (format === undefined && accept.includes('application/vnd.ipld.raw'))) return 'raw';
  if (format !== undefined) throw new GleanerError('bad-request', 'format must be car or raw');
  return 'file';
}

async function sendFile(
  context: GatewayContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { stat, etag, name }: { readonly stat: ContentStat; readonly etag: string; readonly name: string | undefined },
): Promise<FastifyReply> {
  const { sizeBytes, cid } = stat;
  const condition = request.headers['if-range'];
  const range = parseRange(condition === undefined || condition === etag ? request.headers.range : undefined, sizeBytes);
  reply.header('accept-ranges', 'bytes').type(mediaType(name));
  if (range.kind === 'unsatisfiable') return refuseRange(reply, sizeBytes);
  const [from, to] = range.kind === 'part' ? [range.from, range.to] : [0, sizeBytes];
  if (range.kind === 'part') reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${sizeBytes}`);
  reply.header('content-length', to - from);
  if (request.method === 'HEAD') return reply.send();
  return sendStream(context, reply, context.content.cat(cid, { offset: from, length: to - from, signal: endOf(reply) }));
}

/** 416 with the size, as the standard wants it. */
function refuseRange(reply: FastifyReply, sizeBytes: number): FastifyReply {
  const error = new GleanerError('bad-request', `The file has ${sizeBytes} bytes; the range lies beyond`, { details: { sizeBytes } });
  return reply
    .code(416)
    .header('content-range', `bytes */${sizeBytes}`)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(JSON.stringify(error.toBody()));
}

async function sendBlock(
  { content }: GatewayContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { cid }: ContentStat,
): Promise<FastifyReply> {
  const bytes = await content.block(cid);
  reply
    .type('application/vnd.ipld.raw')
    .header('content-length', bytes.length)
    .header('content-disposition', disposition(`${cid}.bin`, true));
  return reply.send(request.method === 'HEAD' ? undefined : Buffer.from(bytes));
}

async function sendCar(context: GatewayContext, request: FastifyRequest, reply: FastifyReply, { cid }: ContentStat): Promise<FastifyReply> {
  reply.type('application/vnd.ipld.car; version=1; order=dfs; dups=n').header('content-disposition', disposition(`${cid}.car`, true));
  if (request.method === 'HEAD') return reply.send();
  return sendStream(context, reply, context.content.exportCar(cid, { signal: endOf(reply) }));
}

async function sendList({ content }: GatewayContext, reply: FastifyReply, { cid }: ContentStat): Promise<FastifyReply> {
  const items = await content.list(cid);
  return reply.type('application/json').send(JSON.stringify({ ok: true, cid, items }));
}

/** The first piece is read before the headers go out, so that missing content is still an error and not a broken transfer. */
async function sendStream(
  { limits }: GatewayContext,
  reply: FastifyReply,
  pieces: AsyncGenerator<Uint8Array, void, undefined>,
): Promise<FastifyReply> {
  const first = await pieces.next();
  const stream = Readable.from(first.done ? [] : resume(first.value, pieces), { objectMode: false, highWaterMark: PIECE_BYTES });
  reply.raw.setTimeout(limits.idleTimeoutMs, () => reply.raw.destroy());
  return reply.send(stream);
}

async function* resume(first: Uint8Array, rest: AsyncGenerator<Uint8Array, void, undefined>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return();
  }
}

function isKnown(header: string | undefined, etag: string): boolean {
  const known = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return known.includes(etag) || known.includes('*');
}

/** Last part of a path below the content id. */
function nameOf(reference: string): string | undefined {
  const parts = reference.replace(/\/+$/, '').split('/');
  return parts.length > 1 ? parts.at(-1) : undefined;
}

/** RFC 6266: a plain name for old readers, the exact one in UTF-8. */
function disposition(name: string, download: boolean): string {
  const plain = name.replace(/[^\w. -]/g, '_').slice(0, 100);
  const exact = encodeURIComponent(name.slice(0, 200)).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return `${download ? 'attachment' : 'inline'}; filename="${plain}"; filename*=UTF-8''${exact}`;
}
