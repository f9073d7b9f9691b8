import type { MultipartFile } from '@fastify/multipart';
import { describeBytes, type HttpServer } from '@gleaner/api/server';
import { type AddedEntry, createMemoryStore, type FolderEntry } from '@gleaner/content';
import { GleanerError } from '@gleaner/primitives';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AddRequest, parseAddQuery } from '../domain/addOptions.ts';
import { assertAllowedOrigin } from '../domain/assertAllowedOrigin.ts';
import type { GatewayContext } from '../registerGateway.ts';
import { assertAnnounced, endOf, readUpload, sharedLimit } from './readUpload.ts';

/** A line of kubo's answer. */
interface AddedLine {
  readonly Name: string;
  readonly Hash: string;
  readonly Size: string;
}

/** A part of the form: a file with the path it asks for, or a folder. */
interface Part extends FolderEntry {
  readonly path: string;
}

interface Adding extends AddRequest {
  readonly signal: AbortSignal;
}

const MAX_PARTS = 1000;
/** How kubo's clients mark a folder in the form. */
const FOLDER_TYPE = 'application/x-directory';

/** `POST /api/v0/add`, as kubo answers it. Bytes go to the store as they come. */
export function registerAddRoutes(scope: HttpServer, context: GatewayContext): void {
  const { limits, slots, allowedOrigins } = context;
  const schema = describeBytes({
    summary: 'Adds files or a folder, as kubo does: one line of JSON for each',
    consumes: ['multipart/form-data'],
  });
  scope.post('/api/v0/add', { schema, handlerTimeout: limits.uploadTimeoutMs, config: { statuses: {} } }, async (request, reply) => {
    assertAllowedOrigin(request.headers, allowedOrigins);
    const options = parseAddQuery(request.query as Record<string, unknown>);
    if (!request.isMultipart()) throw new GleanerError('bad-request', 'Send the files as multipart/form-data');
    assertAnnounced(request, limits.maxAddBytes);
    const lines = await slots.run(() => readUpload(request, () => addParts(context, request, { ...options, signal: endOf(reply) })));
    return answer(reply, lines);
  });
}

function answer(reply: FastifyReply, lines: readonly AddedLine[]): FastifyReply {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return reply.type('application/json').header('x-chunked-output', '1').send(text);
}

async function addParts(context: GatewayContext, request: FastifyRequest, options: Adding): Promise<AddedLine[]> {
  const parts = formParts(context, request);
  const first = await parts.next();
  if (first.done) throw new GleanerError('bad-request', 'The form has no file');
  const all = prepend(first.value, parts);
  const isFolder = options.wrap || first.value.content === undefined || first.value.path.includes('/');
  return isFolder ? addFolder(context, all, options) : addFiles(context, all, options);
}

async function* formParts({ limits }: GatewayContext, request: FastifyRequest): AsyncGenerator<Part, void, undefined> {
  const limited = sharedLimit(limits.maxAddBytes);
  const parts = request.parts({ limits: { fileSize: Number.POSITIVE_INFINITY, files: MAX_PARTS, parts: MAX_PARTS, fieldSize: 1024 } });
  for await (const part of parts) {
    if (part.type !== 'file') continue;
    const path = decodePath(part.filename ?? '');
    if (part.mimetype === FOLDER_TYPE) {
      part.file.resume();
      yield { path };
    } else yield { path, content: limited(fileBytes(part)) };
  }
}

async function* fileBytes({ file }: MultipartFile): AsyncGenerator<Uint8Array, void, undefined> {
  yield* file as AsyncIterable<Uint8Array>;
  if (file.truncated) throw new GleanerError('content-too-large', 'A file of the upload is too large');
}

/** Clients of kubo write paths percent-encoded. */
function decodePath(filename: string): string {
  try {
    return decodeURIComponent(filename).replace(/^\/+|\/+$/g, '');
  } catch {
    return filename;
  }
}

async function* prepend(first: Part, rest: AsyncGenerator<Part, void, undefined>): AsyncGenerator<Part, void, undefined> {
  yield first;
  yield* rest;
}

async function addFiles(
  { content }: GatewayContext,
  parts: AsyncIterable<Part>,
  { cidVersion, pin, onlyHash, signal }: Adding,
): Promise<AddedLine[]> {
  const store = onlyHash ? createMemoryStore() : content;
  const lines: AddedLine[] = [];
  for await (const { path, content: source } of parts) {
    if (source === undefined || path.includes('/'))
      throw new GleanerError('bad-request', 'Either all parts of the form lie in one folder, or none');
    const added = await store.add(source as AsyncIterable<Uint8Array>, { cidVersion, pin, signal });
    lines.push(toLine({ ...added, path: path === '' ? added.cid : path }));
  }
  return lines;
}

/** One folder: either the one that all paths begin with, or, wrapped, one without a name around everything. */
async function addFolder(
  { content }: GatewayContext,
  parts: AsyncIterable<Part>,
  { cidVersion, pin, wrap, onlyHash, signal }: Adding,
): Promise<AddedLine[]> {
  const store = onlyHash ? createMemoryStore() : content;
  let root: string | undefined;
  async function* entries(): AsyncGenerator<FolderEntry, void, undefined> {
    for await (const part of parts) {
      const [head = '', ...tail] = part.path.split('/');
      root ??= wrap ? '' : head;
      const path = wrap ? part.path : tail.join('/');
      if (!wrap && head !== root) throw new GleanerError('bad-request', 'Either all parts of the form lie in one folder, or none');
      if (path !== '') yield { ...part, path };
      else if (part.content !== undefined) throw new GleanerError('bad-request', 'A file of the form has no name');
    }
  }
  const added = await store.addFolder(entries(), { cidVersion, pin, signal });
  return added.map((entry) =>
    toLine({ ...entry, path: [root, entry.path].filter((piece) => piece !== '' && piece !== undefined).join('/') }),
  );
}

function toLine({ path, cid, dagBytes }: AddedEntry): AddedLine {
  return { Name: path, Hash: cid, Size: String(dagBytes) };
}
