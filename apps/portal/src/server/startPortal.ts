import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GleanerError, toGleanerError } from '@gleaner/primitives';
import type { NetworkDescription } from '@gleaner/sdk';
import { publicNetwork } from '../network/publicNetwork.ts';
import { answerRequest, type PortalContent, type SiteState } from './answerRequest.ts';
import { portalHeaders } from './portalHeaders.ts';
import { readSite } from './readSite.ts';

export interface PortalOptions {
  /** May hold more than browsers should see; only the public part is given out. */
  readonly network: NetworkDescription;
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Folder of the built site, soon. */
  readonly site: Promise<string>;
  /** Told once: the site is there, or why there will be none. */
  readonly onSite?: (failure: GleanerError | undefined) => void;
}

export interface Portal {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the portal. It listens before the site is built and says so meanwhile; a site that cannot be built is said on the page.
 * @throws {GleanerError} port-taken; bad-request when the description lacks something that the portal needs
 */
export async function startPortal({ network, host, port, site, onSite }: PortalOptions): Promise<Portal> {
  const known = describe(network);
  const headers = portalHeaders(known);
  let state: SiteState = { state: 'building' };
  const server = createServer((request, response) => {
    const content: PortalContent = { network: known, site: state };
    const { status, body, headers: own } = answerRequest(content, request.method ?? 'GET', request.url ?? '/');
    send(
      response,
      status,
      { ...headers, ...own, 'content-length': String(Buffer.byteLength(body)) },
      request.method === 'HEAD' ? '' : body,
    );
  });
  server.requestTimeout = 10_000;
  const url = await listen(server, host, port);
  site.then(readSite).then(
    (files) => {
      state = { state: 'ready', site: files };
      onSite?.(undefined);
    },
    (error: unknown) => {
      const failure = toGleanerError(error);
      state = { state: 'failed', message: failure.message };
      onSite?.(failure);
    },
  );
  return { url, close: () => closeServer(server) };
}

function describe(network: NetworkDescription): NetworkDescription {
  try {
    return publicNetwork(network);
  } catch (error) {
    throw new GleanerError('bad-request', 'The description of the network lacks what the portal needs', { cause: error });
  }
}

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: string | Buffer): void {
  response.writeHead(status, headers);
  response.end(body);
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isTaken ? new GleanerError('port-taken', `Port ${port} of ${host} is in use`, { details: { host, port }, cause: error }) : error;
  }
  const address = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
