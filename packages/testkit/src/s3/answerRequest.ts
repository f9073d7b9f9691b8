import { createHash } from 'node:crypto';
import type { ReceivedRequest } from './authenticate.ts';

export interface StoredObject {
  readonly bytes: Buffer;
  readonly changedMs: number;
}

export interface Bucket {
  readonly name: string;
  readonly objects: Map<string, StoredObject>;
  /** Most names on a page of a listing; S3 has 1000. */
  readonly pageSize: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

const STATUS: Readonly<Record<string, number>> = {
  NoSuchKey: 404,
  NoSuchBucket: 404,
  InvalidRange: 416,
  NotImplemented: 501,
  InternalError: 500,
  SlowDown: 503,
  XAmzContentSHA256Mismatch: 400,
  AuthorizationHeaderMalformed: 400,
  InvalidToken: 400,
  ExpiredToken: 400,
  QuotaExceeded: 507,
};

/** A failure in the form of S3. */
export function failure(code: string, extra = ''): Answer {
  const body = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>It is so</Message>${extra}</Error>`,
  );
  return { status: STATUS[code] ?? 403, headers: { 'content-type': 'application/xml' }, body };
}

/** Key that a path names in the bucket; '' for the bucket itself, `undefined` for another bucket. */
export function keyOf(path: string, { name }: Bucket): string | undefined {
  const [, first = '', ...rest] = path.split('/');
  return decodeURIComponent(first) === name ? decodeURIComponent(rest.join('/')) : undefined;
}

/** PUT, GET with a range, HEAD and DELETE of objects, and ListObjectsV2. */
export function answerRequest(request: ReceivedRequest, bucket: Bucket): Answer {
  const { method, path, query, headers, body } = request;
  const key = keyOf(path, bucket);
  if (key === undefined) return failure('NoSuchBucket');
  if (key === '')
    return method === 'GET' && query.includes('list-type=2') ? list(new URLSearchParams(query), bucket) : failure('NotImplemented');
  const found = bucket.objects.get(key);
  switch (method) {
    case 'PUT':
      bucket.objects.set(key, { bytes: body, changedMs: Date.now() });
      return { status: 200, headers: { etag: etagOf(body) } };
    case 'DELETE':
      bucket.objects.delete(key);
      return { status: 204 };
    case 'GET':
    case 'HEAD':
      return found === undefined ? failure('NoSuchKey') : read(found, headers['range']);
    default:
      return failure('NotImplemented');
  }
}

function read({ bytes, changedMs }: StoredObject, range: string | undefined): Answer {
  const headers = { etag: etagOf(bytes), 'last-modified': new Date(changedMs).toUTCString(), 'accept-ranges': 'bytes' };
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined) return { status: 200, headers, body: bytes };
  const [from, to] = [Number(first), last ? Math.min(bytes.length, Number(last) + 1) : bytes.length];
  if (from >= to) return failure('InvalidRange');
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` },
    body: bytes.subarray(from, to),
  };
}

function list(query: URLSearchParams, { name, objects, pageSize }: Bucket): Answer {
  const prefix = query.get('prefix') ?? '';
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString('utf8');
  const limit = Math.min(pageSize, Number(query.get('max-keys') ?? pageSize));
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = keys.slice(0, limit);
  const isTruncated = page.length < keys.length;
  // as S3's own tokens: opaque, with characters that need encoding in a query and in XML
  const token = isTruncated ? `<NextContinuationToken>${Buffer.from(page.at(-1) ?? '').toString('base64')}</NextContinuationToken>` : '';
  const contents = page.map((key) => entry(key, objects.get(key)));
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${name}</Name><Prefix>${escapeXml(prefix)}</Prefix>${token}<KeyCount>${page.length}</KeyCount><MaxKeys>${limit}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>${contents.join('')}</ListBucketResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) };
}

function entry(key: string, object: StoredObject | undefined): string {
  const { bytes, changedMs } = object ?? { bytes: Buffer.alloc(0), changedMs: 0 };
  const etag = etagOf(bytes).replaceAll('"', '&quot;');
  return `<Contents><Key>${escapeXml(key)}</Key><LastModified>${new Date(changedMs).toISOString()}</LastModified><ETag>${etag}</ETag><Size>${bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
