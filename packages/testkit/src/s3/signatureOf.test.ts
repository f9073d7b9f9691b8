import { describe, expect, it } from 'vitest';
import { type SignedRequest, signatureOf } from './signatureOf.ts';

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const TIME = '20130524T000000Z';

/** The four worked examples of Amazon's reference, with the signatures printed there. */
describe('Signature Version 4', () => {
  it.each([
    [
      'GET object',
      { path: '/test.txt', extra: { range: 'bytes=0-9' } },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT object',
      {
        method: 'PUT',
        path: '/test$file.text',
        extra: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
        payloadHash: '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    ['GET bucket lifecycle', { path: '/', query: 'lifecycle' }, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    ['GET bucket', { path: '/', query: 'max-keys=2&prefix=J' }, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  ])('%s', (_, example, expected) => {
    expect(signatureOf(requestOf(example), { time: TIME, region: 'us-east-1' }, SECRET)).toBe(expected);
  });
});

function requestOf({
  extra = {},
  payloadHash = EMPTY,
  method = 'GET',
  query = '',
  path,
}: Partial<SignedRequest> & { readonly path: string; readonly extra?: Readonly<Record<string, string>> }): SignedRequest {
  const headers = { host: 'examplebucket.s3.amazonaws.com', 'x-amz-content-sha256': payloadHash, 'x-amz-date': TIME, ...extra };
  return { method, path, query, headers, payloadHash, signedHeaders: Object.keys(headers).sort() };
}
