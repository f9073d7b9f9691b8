import { findText } from './xml.ts';

/** An answer of the storage, read whole. */
export interface S3Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Headers;
}

/** Code of a failure as the storage names it, e.g. `NoSuchBucket`; of an answer without a body it is `HTTP <status>`. */
export function codeOf({ status, body, headers }: S3Answer): string {
  return findText(body.toString('utf8'), 'Code') ?? headers.get('x-amz-error-code') ?? `HTTP ${status}`;
}

/** `NoSuchKey`: the bucket is there, the object is not. */
export function isAbsent(answer: S3Answer): boolean {
  return answer.status === 404 && codeOf(answer) !== 'NoSuchBucket';
}
