import { describeBytes, type HttpServer } from '@gleaner/api/server';
import { type Cid, GleanerError } from '@gleaner/primitives';
import type { FastifyRequest } from 'fastify';
import { flag } from '../domain/addOptions.ts';
import { assertAllowedOrigin } from '../domain/assertAllowedOrigin.ts';
import type { GatewayContext } from '../registerGateway.ts';
import { assertAnnounced, endOf, readUpload, sharedLimit } from './readUpload.ts';

const MAX_CARS = 100;

/** What is wrong with a CAR is the caller's mistake, not ours. */
const STATUSES = { 'content-corrupt': 400, 'content-not-found': 400 } as const;

/** `POST /api/v0/dag/import`, as kubo answers it: CARs in a form, one JSON line per root. Every block is checked against its id, and roots must be complete. */
export function registerImportRoutes(scope: HttpServer, context: GatewayContext): void {
  const { limits, slots, allowedOrigins } = context;
  const schema = describeBytes({
    summary: 'Takes over the blocks of CAR files, as kubo does: one line of JSON for each root',
    consumes: ['multipart/form-data'],
  });
  scope.post(
    '/api/v0/dag/import',
    { schema, handlerTimeout: limits.uploadTimeoutMs, config: { statuses: STATUSES } },
    async (request, reply) => {
      assertAllowedOrigin(request.headers, allowedOrigins);
      const pin = flag(request.query as Record<string, unknown>, 'pin-roots', true);
      if (!request.isMultipart()) throw new GleanerError('bad-request', 'Send the CAR files as multipart/form-data');
      assertAnnounced(request, limits.maxAddBytes);
      const roots = await slots.run(() => readUpload(request, () => importCars(context, request, { pin, signal: endOf(reply) })));
      const lines = roots.map((cid) => `${JSON.stringify({ Root: { Cid: { '/': cid }, PinErrorMsg: '' } })}\n`);
      return reply.type('application/json').header('x-chunked-output', '1').send(lines.join(''));
    },
  );
}

async function importCars(
  { content, limits }: GatewayContext,
  request: FastifyRequest,
  options: { readonly pin: boolean; readonly signal: AbortSignal },
): Promise<readonly Cid[]> {
  const limited = sharedLimit(limits.maxAddBytes);
  const roots: Cid[] = [];
  let cars = 0;
  const parts = request.parts({ limits: { fileSize: Number.POSITIVE_INFINITY, files: MAX_CARS, parts: MAX_CARS, fieldSize: 1024 } });
  for await (const part of parts) {
    if (part.type !== 'file') continue;
    cars += 1;
    roots.push(...(await content.importCar(limited(part.file), { ...options, maxBytes: limits.maxAddBytes })));
  }
  if (cars === 0) throw new GleanerError('bad-request', 'The form has no file');
  return roots;
}
