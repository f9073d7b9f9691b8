import { Readable } from 'node:stream';
import {
  ENCLAVE_HEADER,
  type EnclaveAuthorization,
  listResults,
  parseEnclaveUpload,
  parseUploadAuthorization,
  type UploadAuthorization,
  type UploadedResult,
  uploadHash,
} from '@gleaner/api';
import { describeBytes, type HttpServer, registerEndpoint } from '@gleaner/api/server';
import { type Added, cidVersionOf, isCid } from '@gleaner/content';
import { type Cid, decodeTaskId, GleanerError, type TaskId } from '@gleaner/primitives';
import type { FastifyRequest } from 'fastify';
import { recoverMessageAddress } from 'viem';
import type { GatewayContext } from '../registerGateway.ts';
import { assertAnnounced, endOf, readUpload, sharedLimit } from './readUpload.ts';

/** `POST` and `GET` of `/v1/results/:taskId`. */
export function registerResultRoutes(scope: HttpServer, context: GatewayContext): void {
  const { limits, slots, index } = context;
  const schema = describeBytes({ summary: 'Takes the result archive of a task from a worker that won it', consumes: ['application/zip'] });
  scope.post(
    '/v1/results/:taskId',
    { schema, handlerTimeout: limits.uploadTimeoutMs, config: { statuses: {} } },
    async (request, reply) => {
      const taskId = decodeTaskId((request.params as { taskId: string }).taskId);
      const authorization = await authenticate(request, taskId);
      assertAnnounced(request, limits.maxResultBytes);
      return slots.run(() => readUpload(request, () => takeResult(context, request, { taskId, ...authorization, signal: endOf(reply) })));
    },
  );
  registerEndpoint(scope, listResults, async ({ params }) => {
    const entries = await index.list(params.taskId);
    return { ok: true, results: entries.map(({ worker, cid }) => ({ worker, cid, location: `/ipfs/${cid}` })) };
  });
}

/** @throws {GleanerError} unauthorized unless the named worker has signed for this task and this content */
async function authenticate(request: FastifyRequest, taskId: TaskId): Promise<UploadAuthorization> {
  const authorization = parseUploadAuthorization(request.headers.authorization ?? '');
  const { worker, cid, signature } = authorization;
  const raw = uploadHash({ worker, taskId, cid });
  const signer = await recoverMessageAddress({ message: { raw }, signature }).catch(() => undefined);
  if (signer !== worker) throw new GleanerError('unauthorized', `The upload is not signed by ${worker} for this task and content`);
  if (!isCid(cid)) throw new GleanerError('bad-request', `${cid} is not a content id`);
  return authorization;
}

interface ResultUpload extends UploadAuthorization {
  readonly taskId: TaskId;
  readonly signal: AbortSignal;
}

/** Asks the chain before the body is read, and pins only what the worker has signed. */
async function takeResult(context: GatewayContext, request: FastifyRequest, upload: ResultUpload): Promise<UploadedResult> {
  const { taskId, worker, cid } = upload;
  await assertAllowed(context, upload, enclaveOf(request));
  const { sizeBytes } = await storeArchive(context, request, upload);
  await context.index.add(taskId, { worker, cid });
  context.log.info({ taskId, worker, cid, sizeBytes }, 'result.uploaded');
  return { ok: true, cid, location: `/ipfs/${cid}`, sizeBytes };
}

/** @throws {GleanerError} unauthorized for a header of another form */
function enclaveOf({ headers }: FastifyRequest): EnclaveAuthorization | undefined {
  const text = headers[ENCLAVE_HEADER];
  return typeof text === 'string' ? parseEnclaveUpload(text) : undefined;
}

async function assertAllowed(
  { rights, index, limits }: GatewayContext,
  { taskId, worker, cid }: ResultUpload,
  enclave: EnclaveAuthorization | undefined,
): Promise<void> {
  const decision = await rights.mayUpload(taskId, worker, enclave);
  if (!decision.allowed) throw new GleanerError(decision.code, decision.message, { details: { taskId, worker } });
  const mine = (await index.list(taskId)).filter((entry) => entry.worker === worker);
  if (mine.length >= limits.maxArchives && !mine.some((entry) => entry.cid === cid)) {
    throw new GleanerError('forbidden', `${worker} has uploaded ${mine.length} archives for this task already`, {
      details: { taskId, worker },
    });
  }
}

async function storeArchive({ content, limits }: GatewayContext, request: FastifyRequest, { cid, signal }: ResultUpload): Promise<Added> {
  const { body } = request;
  if (!(body instanceof Readable)) throw new GleanerError('bad-request', 'Send the archive as application/zip');
  const limited = sharedLimit(limits.maxResultBytes);
  const archive = assertZip(limited(body.iterator({ destroyOnReturn: false })));
  const added = await content.add(archive, { cidVersion: cidVersionOf(cid), pin: cid as Cid, signal });
  if (added.cid === cid) return added;
  throw new GleanerError('bad-request', `The archive has the content id ${added.cid}, the worker signed for ${cid}`, {
    details: { cid: added.cid, signed: cid },
  });
}

/** A zip begins with an entry, or with the end of its directory when it is empty. */
async function* assertZip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let seen = 0;
  const start = Buffer.alloc(4);
  for await (const bytes of source) {
    if (seen < 4) {
      start.set(bytes.subarray(0, 4 - seen), seen);
      seen += Math.min(bytes.length, 4 - seen);
      if (seen === 4) assertSignature(start);
    }
    yield bytes;
  }
  if (seen < 4) assertSignature(start);
}

function assertSignature(start: Buffer): void {
  const signature = start.readUInt32LE(0);
  if (signature === 0x04034b50 || signature === 0x06054b50) return;
  throw new GleanerError('bad-request', 'The body is not a zip archive');
}
