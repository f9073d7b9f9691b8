import { startTestS3, type TestS3, type TestS3Options } from '@gleaner/testkit';
import { onTestFinished } from 'vitest';
import { createS3Objects, type ObjectPort, parseS3Url, type S3Options, type S3Place } from '../src/index.ts';

export interface S3Bench {
  readonly s3: TestS3;
  readonly place: S3Place;
  readonly objects: ObjectPort;
}

/** A small S3 and objects in it, tried again without much ado; closed when the test ends. */
export async function openS3(server: TestS3Options = {}, client: Partial<S3Options> = {}): Promise<S3Bench> {
  const s3 = await startTestS3(server);
  onTestFinished(() => s3.close());
  const place = parseS3Url(s3.url);
  return { s3, place, objects: createS3Objects(place, { credentials: s3.account, backoffMs: 1, ...client }) };
}
