import { GleanerError, type ReasonCode } from '@gleaner/primitives';
import type { S3Place } from './parseS3Url.ts';
import { codeOf, type S3Answer } from './S3Answer.ts';
import { findText } from './xml.ts';

/** What operators get wrong, by the code with which storages say so. */
const SAYS: Readonly<Record<string, (place: S3Place, answer: S3Answer) => string>> = {
  NoSuchBucket: ({ bucket }) => `There is no bucket ${bucket}; create it`,
  InvalidAccessKeyId: () => 'The access key id is not known there',
  SignatureDoesNotMatch: () => 'The secret access key does not belong to the access key id, or the region is wrong',
  InvalidToken: () => 'The session token is not valid',
  ExpiredToken: () => 'The session token has expired; give new keys and start again',
  AccessDenied: ({ bucket }) =>
    `The keys may not do this in ${bucket}; they need GetObject, PutObject, DeleteObject on its objects and ListBucket on itself`,
  RequestTimeTooSkewed: (_, { headers }) => `The clock of this machine is wrong: ${skew(headers)}`,
  PermanentRedirect: (_, answer) => `The bucket is in another region${region(answer)}; set region and endpoint`,
  AuthorizationHeaderMalformed: (_, answer) => `The requests are signed for another region${region(answer)}; set region`,
  MethodNotAllowed: () => 'The endpoint does not speak S3, or not in this style of address; try style=path or style=host',
};

const FULL = ['QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage'];

/** A refusal or failure of the storage as a typed error. Never carries keys or signatures: those are in the request alone. */
export function translateS3Answer(place: S3Place, what: string, answer: S3Answer): GleanerError {
  const s3Code = codeOf(answer);
  const details = { place: nameOf(place), s3Code, status: answer.status };
  if (answer.status === 507 || FULL.includes(s3Code))
    return new GleanerError('disk-full', `The object storage of ${nameOf(place)} is full`, { details });
  const known = SAYS[s3Code]?.(place, answer);
  const says = known ?? `${what} failed with ${s3Code}`;
  return new GleanerError(reasonOf(answer.status), `${nameOf(place)}: ${says}`, { details });
}

function reasonOf(status: number): ReasonCode {
  return status >= 500 || status === 429 || status === 408 ? 'storage-unreachable' : 'storage-refused';
}

/** What fetch throws: no connection, a cut one, or none in time. */
export function translateS3Cause(place: S3Place, what: string, error: unknown): GleanerError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const says = error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : (code ?? messageOf(cause));
  return new GleanerError('storage-unreachable', `${nameOf(place)}: ${what} had no answer (${says})`, {
    details: { place: nameOf(place), cause: says },
    cause: error,
  });
}

/** Place for messages: origin, bucket and prefix. */
export function nameOf({ origin, bucket, prefix }: S3Place): string {
  return `s3://${bucket}/${prefix} at ${origin}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function region(answer: S3Answer): string {
  const name = answer.headers.get('x-amz-bucket-region') ?? findText(answer.body.toString('utf8'), 'Region');
  return name === undefined || name === null ? '' : `, ${name}`;
}

function skew(headers: Headers): string {
  const theirs = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(theirs)) return 'more than 15 minutes off';
  const minutes = Math.round((Date.now() - theirs) / 60_000);
  return `${Math.abs(minutes)} minutes ${minutes > 0 ? 'ahead' : 'behind'}`;
}
