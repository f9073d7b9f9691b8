import multipart from '@fastify/multipart';
import type { HttpServer } from '@gleaner/api/server';
import type { ContentStore } from '@gleaner/content';
import { MAX_ARCHIVE_BYTES } from '@gleaner/protocol';
import type { Logger } from 'pino';
import { collectRegularly } from './loops/collectRegularly.ts';
import type { ResultIndex, ResultRights } from './ports.ts';
import { registerAddRoutes } from './routes/addRoutes.ts';
import { registerImportRoutes } from './routes/importRoutes.ts';
import { registerReadRoutes } from './routes/readRoutes.ts';
import { registerResultRoutes } from './routes/resultRoutes.ts';
import { UploadSlots } from './UploadSlots.ts';

export interface GatewayLimits {
  /** Largest upload to `/api/v0/add` or `/api/v0/dag/import`, all files together; default 32 MiB. */
  readonly maxAddBytes: number;
  /** Largest result archive; default 50 MiB. */
  readonly maxResultBytes: number;
  /** Different archives that one worker may upload for one task; default 3. */
  readonly maxArchives: number;
  /** Uploads at the same time; default 16. */
  readonly maxUploads: number;
  /** Longest time for one upload, default 300 s. The server has its own bound for requests to arrive. */
  readonly uploadTimeoutMs: number;
  /** Longest time for one download, default 1 h. */
  readonly downloadTimeoutMs: number;
  /** How long a reader may take nothing before it is cut off, default 60 s. */
  readonly idleTimeoutMs: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  maxAddBytes: 32 * 1024 * 1024,
  maxResultBytes: MAX_ARCHIVE_BYTES,
  maxArchives: 3,
  maxUploads: 16,
  uploadTimeoutMs: 300_000,
  downloadTimeoutMs: 3_600_000,
  idleTimeoutMs: 60_000,
};

export interface GatewayDeps {
  readonly content: ContentStore;
  readonly rights: ResultRights;
  readonly index: ResultIndex;
  readonly log: Logger;
  readonly limits?: Partial<GatewayLimits>;
  /** Origins whose web pages may add content, `*` for all; default none but the server's own. Reading is open to all. */
  readonly allowedOrigins?: readonly string[];
  /** Time between collections of unpinned content, default 1 h; 0 = never. */
  readonly collectEveryMs?: number;
}

/** What the routes share. */
export interface GatewayContext extends GatewayDeps {
  readonly limits: GatewayLimits;
  readonly allowedOrigins: readonly string[];
  readonly slots: UploadSlots;
}

/** Adds the content gateway to a server, and collects garbage until that server closes. */
export function registerGateway(server: HttpServer, deps: GatewayDeps): void {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const context: GatewayContext = {
    ...deps,
    limits,
    allowedOrigins: deps.allowedOrigins ?? [],
    slots: new UploadSlots(limits.maxUploads),
  };
  server.healthChecks.set('content', () => deps.content.check());
  // a scope of its own: the body parsers are for these routes only
  server.register(async (scope) => {
    await scope.register(multipart, { preservePath: true });
    scope.addContentTypeParser(['application/zip', 'application/octet-stream'], (_request, payload, done) => done(null, payload));
    registerAddRoutes(scope, context);
    registerImportRoutes(scope, context);
    registerReadRoutes(scope, context);
    registerResultRoutes(scope, context);
  });
  const { collectEveryMs = 3_600_000 } = deps;
  if (collectEveryMs > 0) {
    const collecting = collectRegularly({ ...deps, everyMs: collectEveryMs, signal: server.closing });
    server.addHook('onClose', () => collecting);
  }
}
