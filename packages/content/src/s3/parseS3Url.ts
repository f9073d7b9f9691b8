import { GleanerError, show } from '@gleaner/primitives';

/** A bucket, and where in it. */
export interface S3Place {
  /** Origin of the service, or of the bucket itself, without a slash at its end. */
  readonly origin: string;
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
  readonly region: string;
  /** `path`: https://endpoint/bucket/key. `host`: https://bucket.endpoint/key. */
  readonly style: 'path' | 'host';
}

const KNOWN = ['endpoint', 'region', 'style'];
/** 3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Parts of characters that need no encoding anywhere. */
const PREFIX = /^([A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*)?$/;
const FORM = 's3://bucket/prefix?endpoint=https://host&region=name';

/**
 * `s3://bucket[/prefix][?endpoint=https://host[:port]][&region=name][&style=path|host]`.
 * Without an endpoint it is Amazon's in that region (default us-east-1). Elsewhere names of buckets go into the path unless `style=host`.
 * @throws {GleanerError} bad-request saying what is wrong
 */
export function parseS3Url(text: string): S3Place {
  const url = tryParse(text);
  if (url === undefined || url.protocol !== 's3:') throw wrong(text, 'is no address of a bucket');
  if (url.username !== '' || url.password !== '') throw wrong('s3://…', 'holds keys; they belong into the environment or a key file');
  const { hostname: bucket, searchParams } = url;
  const unknown = [...searchParams.keys()].find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw wrong(text, `has the unknown setting ${show(unknown)}`);
  if (!BUCKET.test(bucket)) throw wrong(text, `names the bucket ${show(bucket)}, which is no name of a bucket`);
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '');
  if (!PREFIX.test(prefix))
    throw wrong(text, `has the prefix ${show(prefix)}; letters, digits, dots, hyphens, underscores and slashes are allowed`);
  const region = searchParams.get('region') ?? 'us-east-1';
  const endpoint = searchParams.get('endpoint');
  const style = searchParams.get('style') ?? (endpoint === null && !bucket.includes('.') ? 'host' : 'path');
  if (style !== 'path' && style !== 'host') throw wrong(text, `has the style ${show(style)}; it is path or host`);
  const service = endpoint === null ? new URL(`https://s3.${region}.amazonaws.com`) : parseEndpoint(endpoint, text);
  return { origin: originOf(service, style, bucket), bucket, prefix: prefix === '' ? '' : `${prefix}/`, region, style };
}

function originOf({ protocol, host }: URL, style: 'path' | 'host', bucket: string): string {
  return style === 'host' ? `${protocol}//${bucket}.${host}` : `${protocol}//${host}`;
}

function parseEndpoint(endpoint: string, text: string): URL {
  const url = tryParse(endpoint);
  const isService = url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.username === '';
  if (!isService) throw wrong(text, `has the endpoint ${show(endpoint)}; it is https://host or https://host:port`);
  return url;
}

function tryParse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function wrong(text: string, problem: string): GleanerError {
  return new GleanerError('bad-request', `${show(text)} ${problem}; the form is ${FORM}`, { details: { form: FORM } });
}
