import { AwsV4Signer } from 'aws4fetch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockKey, parseCid } from '../src/cids.ts';
import { checkObjects, createObjectStore, createS3Objects, parseS3Url, type S3Place } from '../src/index.ts';
import { hasSwift, type Swift, startSwift } from './startSwift.ts';
import { storeContract } from './storeContract.ts';
import { testClock } from './testClock.ts';

const isThere = hasSwift();

describe.skipIf(!isThere)(
  'over OpenStack Swift (not run without: apt-get install swift-proxy swift-account swift-container swift-object)',
  () => {
    let swift: Swift;
    beforeAll(async () => {
      swift = await startSwift();
    }, 120_000);
    afterAll(() => swift?.close());

    storeContract('S3 of OpenStack Swift', async (options) => {
      const place = parseS3Url(await swift.createBucket());
      const objects = createS3Objects(place, { credentials: swift.credentials });
      const clock = testClock();
      const open = () => createObjectStore(objects, { ...options, clock });
      return {
        store: open(),
        other: open(),
        clock,
        corrupt: (cid) => objects.put(`blocks/${blockKey(parseCid(cid))}`, Buffer.from('other bytes')),
        close: async () => {},
      };
    });

    it('takes what the start tries out, and names what is wrong as we expect it', async () => {
      const place = parseS3Url(await swift.createBucket());
      await checkObjects(createS3Objects(place, { credentials: swift.credentials }));
      const refusal = async (wrong: Partial<S3Place>, secretAccessKey = swift.credentials.secretAccessKey) =>
        checkObjects(createS3Objects({ ...place, ...wrong }, { credentials: { ...swift.credentials, secretAccessKey } })).catch(String);
      expect(await refusal({ bucket: 'nobody-made-it' })).toContain('There is no bucket nobody-made-it');
      expect(await refusal({ region: 'eu-west-3' })).toContain('another region, us-east-1');
      expect(await refusal({}, 'guess')).toContain('secret access key does not belong');
    });

    it('refuses bytes that are not what was signed', async () => {
      const place = parseS3Url(await swift.createBucket());
      const signed = await new AwsV4Signer({
        ...swift.credentials,
        method: 'PUT',
        url: `${place.origin}/${place.bucket}/k`,
        headers: { 'x-amz-content-sha256': '0'.repeat(64) },
        service: 's3',
        region: place.region,
      }).sign();
      const response = await fetch(signed.url, { method: 'PUT', headers: signed.headers, body: 'other' });
      expect(response.status).toBe(400);
    });
  },
);
