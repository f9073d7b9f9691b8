import { createHash, createHmac } from 'node:crypto';

/** What a signature covers. */
export interface SignedRequest {
  readonly method: string;
  /** Path as it was sent, percent-encoded. */
  readonly path: string;
  /** Query as it was sent, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  /** As the header x-amz-content-sha256 says. */
  readonly payloadHash: string;
}

export interface Scope {
  /** `YYYYMMDDTHHMMSSZ` */
  readonly time: string;
  readonly region: string;
}

/**
 * AWS Signature Version 4 of a request to S3, in hex.
 * Source: Amazon S3 API reference, «Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk».
 */
export function signatureOf(request: SignedRequest, { time, region }: Scope, secretAccessKey: string): string {
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonicalRequest(request))].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce((mac: string | Buffer, part) => hmac(mac, part), `AWS4${secretAccessKey}`);
  return hmac(key, toSign).toString('hex');
}

function canonicalRequest({ method, path, query, headers, signedHeaders, payloadHash }: SignedRequest): string {
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [method, canonicalPath(path), canonicalQuery(query), lines.join(''), signedHeaders.join(';'), payloadHash].join('\n');
}

/** Each part encoded once; S3 does not tidy paths. */
function canonicalPath(path: string): string {
  return path
    .split('/')
    .map((part) => encode(decodeURIComponent(part)))
    .join('/');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value))] as const;
  });
  return pairs
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Everything but letters, digits, hyphen, underscore, dot and tilde, in upper-case hex. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
