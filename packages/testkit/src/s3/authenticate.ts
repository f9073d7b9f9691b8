import { createHash, timingSafeEqual } from 'node:crypto';
import { signatureOf } from './signatureOf.ts';

/** A request with its whole body. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Account {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
const MOST_SKEW_MS = 15 * 60_000;

/** Code of what is wrong with a request's signature, as S3 names it; `undefined` when it is right. */
export function authenticate(
  request: ReceivedRequest,
  account: Account,
  { region, nowMs }: { region: string; nowMs: number },
): string | undefined {
  const { headers, body } = request;
  const [, keyId, day, signedRegion, names = '', signature = ''] = FORM.exec(headers['authorization'] ?? '') ?? [];
  if (keyId === undefined) return headers['authorization'] === undefined ? 'AccessDenied' : 'AuthorizationHeaderMalformed';
  if (keyId !== account.accessKeyId) return 'InvalidAccessKeyId';
  if (signedRegion !== region) return 'AuthorizationHeaderMalformed';
  const time = headers['x-amz-date'] ?? '';
  if (!time.startsWith(`${day}T`) || Math.abs(parseTime(time) - nowMs) > MOST_SKEW_MS) return 'RequestTimeTooSkewed';
  const signedHeaders = names.split(';');
  const mustBeSigned = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  if (mustBeSigned.some((name) => !signedHeaders.includes(name))) return 'AccessDenied';
  const payloadHash = headers['x-amz-content-sha256'] ?? '';
  const expected = signatureOf({ ...request, signedHeaders, payloadHash }, { time, region }, account.secretAccessKey);
  if (!timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) return 'SignatureDoesNotMatch';
  if (headers['x-amz-security-token'] !== account.sessionToken) return 'InvalidToken';
  if (payloadHash !== createHash('sha256').update(body).digest('hex')) return 'XAmzContentSHA256Mismatch';
  return undefined;
}

function parseTime(time: string): number {
  return Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
