import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, answerRequest, failure, keyOf, type StoredObject } from './answerRequest.ts';
import { type Account, authenticate, type ReceivedRequest } from './authenticate.ts';

/** What goes wrong with a request. */
export type S3Fault =
  /** Answered with this code, without effect. */
  | { readonly kind: 'code'; readonly code: string }
  /** The connection is cut, before or after the effect. */
  | { readonly kind: 'cut'; readonly after?: boolean }
  /** Half of the answer's body arrives. */
  | { readonly kind: 'truncate' }
  /** One bit of the answer's body is wrong. */
  | { readonly kind: 'corrupt' }
  /** The answer comes late. */
  | { readonly kind: 'slow'; readonly ms: number };

export interface TestS3Options {
  readonly region?: string;
  readonly pageSize?: number;
  readonly sessionToken?: string;
  /** How far the storage's clock is ahead of ours. */
  readonly clockAheadMs?: number;
}

export interface TestS3 {
  /** `s3://bucket?endpoint=…&region=…` */
  readonly url: string;
  readonly endpoint: string;
  readonly account: Account;
  readonly objects: Map<string, StoredObject>;
  /** Requests that passed authentication, as `GET blocks/…`, without what lies before the key. */
  readonly requests: string[];
  /** Decides over each authenticated request; `undefined` = it goes well. */
  fault: ((method: string, key: string) => S3Fault | undefined) | undefined;
  close(): Promise<void>;
}

const BUCKET = 'gleaner-test';

/**
 * A small S3 for tests, on a random port of the loopback address: one bucket in memory, Signature Version 4 checked as Amazon describes it,
 * path-style addresses. It shows at once what was written, as S3 does, and can fail on purpose.
 */
export async function startTestS3(options: TestS3Options = {}): Promise<TestS3> {
  const { region = 'us-east-1', pageSize = 1000, sessionToken, clockAheadMs = 0 } = options;
  const account: Account = {
    accessKeyId: `AK${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('base64'),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  const bucket = { name: BUCKET, objects: new Map<string, StoredObject>(), pageSize };
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const test: TestS3 = {
    url: `s3://${BUCKET}?endpoint=${endpoint}&region=${region}`,
    endpoint,
    account,
    objects: bucket.objects,
    requests: [],
    fault: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return test;

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await receive(incoming);
    const nowMs = Date.now() + clockAheadMs;
    outgoing.setHeader('date', new Date(nowMs).toUTCString());
    const refusal = authenticate(request, account, { region, nowMs });
    if (refusal !== undefined) return send(outgoing, request, failure(refusal, `<Region>${region}</Region>`));
    const key = keyOf(request.path, bucket) ?? '';
    test.requests.push(`${request.method} ${key === '' ? new URLSearchParams(request.query).get('prefix') : key}`);
    const fault = test.fault?.(request.method, key);
    if (fault?.kind === 'code') return send(outgoing, request, failure(fault.code));
    if (fault?.kind === 'cut' && !fault.after) return void incoming.socket.destroy();
    if (fault?.kind === 'slow') await sleep(fault.ms);
    const answer = answerRequest(request, bucket);
    if (fault?.kind === 'cut') return void incoming.socket.destroy();
    if (fault?.kind === 'truncate') return truncate(outgoing, answer);
    send(outgoing, request, fault?.kind === 'corrupt' ? corrupt(answer) : answer);
  }
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const [path = '', query = ''] = (incoming.url ?? '').split(/\?(.*)/s);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, `${value}`]));
  return { method: incoming.method ?? '', path, query, headers, body: await buffer(incoming) };
}

function send(outgoing: ServerResponse, { method }: ReceivedRequest, { status, headers = {}, body = Buffer.alloc(0) }: Answer): void {
  outgoing.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': body.length });
  outgoing.end(method === 'HEAD' ? undefined : body);
}

function truncate(outgoing: ServerResponse, { status, headers = {}, body = Buffer.alloc(0) }: Answer): void {
  outgoing.writeHead(status, { ...headers, 'content-length': body.length });
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy());
}

function corrupt({ body = Buffer.alloc(0), ...answer }: Answer): Answer {
  const damaged = Buffer.from(body);
  if (damaged.length > 0) damaged.writeUInt8(damaged.readUInt8(0) ^ 1, 0);
  return { ...answer, body: damaged };
}
