import { createHash, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import type { S3Fault } from '@gleaner/testkit';
import { AwsV4Signer } from 'aws4fetch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkObjects, createObjectStore, createS3Objects, type ObjectPort, parseS3Url } from '../src/index.ts';
import { parseListing } from '../src/s3/parseListing.ts';
import { openS3 } from './s3Bench.ts';

const HOUR_MS = 3_600_000;

describe('objects of a bucket', () => {
  it('gives back what was put, knows its size, lists it page by page in order, and forgets what was removed', async () => {
    const { objects, s3 } = await openS3({ pageSize: 3 });
    const keys = Array.from({ length: 10 }, (_, i) => `a/${String(i).padStart(2, '0')}`);
    for (const [i, key] of keys.entries()) await objects.put(key, randomBytes(i));
    await objects.put('b/x', Buffer.from('other'));
    expect((await entriesOf(objects, 'a/')).map(({ key, sizeBytes }) => [key, sizeBytes])).toEqual(keys.map((key, i) => [key, i]));
    expect(s3.requests.filter((request) => request === 'GET a/')).toHaveLength(4);
    expect([await objects.size('a/00'), await objects.size('a/09'), await objects.size('a/10')]).toEqual([0, 9, undefined]);
    expect(String(await objects.get('b/x'))).toBe('other');
    await objects.remove('b/x');
    await objects.remove('b/x');
    expect(await objects.get('b/x')).toBeUndefined();
    expect(await entriesOf(objects, 'c/')).toEqual([]);
  });

  it('tries again what passes, whatever it is and wherever it strikes', async () => {
    const { objects, s3 } = await openS3({ pageSize: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(anyPassingFault(), { minLength: 1, maxLength: 4 }), async (faults) => {
        const waiting = [...faults];
        const clear = () => (s3.fault = undefined);
        const strike = () => {
          waiting.splice(0, waiting.length, ...faults);
          s3.fault = () => waiting.shift();
        };
        const bytes = randomBytes(1000);
        strike();
        await objects.put('k/1', bytes);
        await objects.put('k/2', bytes);
        await objects.put('k/3', bytes);
        strike();
        expect(Buffer.compare((await objects.get('k/1')) ?? Buffer.alloc(0), bytes)).toBe(0);
        strike();
        expect(await objects.size('k/2')).toBe(1000);
        strike();
        expect((await entriesOf(objects, 'k/')).map(({ key }) => key)).toEqual(['k/1', 'k/2', 'k/3']);
        strike();
        await objects.remove('k/3');
        clear();
        expect([...s3.objects.keys()]).toEqual(['k/1', 'k/2']);
      }),
      { numRuns: 15 },
    );
  });

  it('gives up on what does not pass, and says so', async () => {
    const { objects, s3 } = await openS3({}, { tries: 3, timeoutMs: 200 });
    const faults: readonly S3Fault[] = [
      { kind: 'code', code: 'SlowDown' },
      { kind: 'code', code: 'InternalError' },
      { kind: 'cut' },
      { kind: 'slow', ms: 400 },
    ];
    for (const fault of faults) {
      s3.requests.length = 0;
      s3.fault = () => fault;
      await expect(objects.put('k', randomBytes(10)), inspect(fault)).rejects.toMatchObject({
        code: 'storage-unreachable',
        retryable: true,
      });
      expect(s3.requests).toHaveLength(3);
    }
  });

  it('sends a removal whose answer was lost only once when it must not come twice', async () => {
    const { objects, s3 } = await openS3();
    s3.fault = () => ({ kind: 'cut', after: true });
    await expect(objects.remove('k', { once: true })).rejects.toMatchObject({ code: 'storage-unreachable' });
    expect(s3.requests).toEqual(['DELETE k']);
  });

  it('is refused bytes that are not what was signed', async () => {
    const { s3, place, objects } = await openS3();
    const signed = await new AwsV4Signer({
      ...s3.account,
      method: 'PUT',
      url: `${place.origin}/${place.bucket}/k`,
      headers: { 'x-amz-content-sha256': createHash('sha256').update('meant').digest('hex') },
      service: 's3',
      region: place.region,
    }).sign();
    const response = await fetch(signed.url, { method: 'PUT', headers: signed.headers, body: 'other' });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('XAmzContentSHA256Mismatch')]);
    expect(await objects.get('k')).toBeUndefined();
  });

  it('does not read what is too large for a block', async () => {
    const { objects, s3 } = await openS3();
    s3.objects.set('k', { bytes: Buffer.alloc(2 * 1024 * 1024 + 1), changedMs: 0 });
    await expect(objects.get('k')).rejects.toMatchObject({ code: 'data-corrupt' });
  });

  it('refuses a listing that ends without its end', () => {
    expect(() => parseListing('<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>')).toThrow('no list of objects');
    expect(() => parseListing('<html>Welcome</html>')).toThrow('no list of objects');
  });
});

describe('what an operator got wrong', () => {
  const wrongs = [
    { wrong: 'no such bucket', url: (url: string) => url.replace('//gleaner-test', '//gleaner-other'), says: /no bucket gleaner-other/ },
    { wrong: 'another region', url: (url: string) => url.replace('us-east-1', 'eu-west-3'), says: /another region, us-east-1/ },
    { wrong: 'key id', account: { accessKeyId: 'AKIDUNKNOWN' }, says: /access key id is not known/ },
    { wrong: 'secret', account: { secretAccessKey: 'not the secret' }, says: /secret access key does not belong/ },
    { wrong: 'session token', account: { sessionToken: 'stale token' }, says: /session token is not valid/ },
    { wrong: 'clock behind', server: { clockAheadMs: 20 * 60_000 }, says: /clock of this machine is wrong: 20 minutes behind/ },
    { wrong: 'clock ahead', server: { clockAheadMs: -90 * 60_000 }, says: /clock of this machine is wrong: 90 minutes ahead/ },
    { wrong: 'rights', fault: 'AccessDenied', says: /need GetObject, PutObject, DeleteObject on its objects and ListBucket/ },
    { wrong: 'space', fault: 'QuotaExceeded', says: /is full/, code: 'disk-full' },
    {
      wrong: 'nobody there',
      url: (url: string) => url.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:9'),
      says: /had no answer/,
      code: 'storage-unreachable',
    },
  ] as const;

  it.each(wrongs)('is named without naming a secret: $wrong', async (wrong) => {
    const { url = (same: string) => same, account = {}, server = {}, fault, says, code = 'storage-refused' } = { ...EVERY, ...wrong };
    const { s3 } = await openS3(server);
    if (fault !== undefined) s3.fault = () => ({ kind: 'code', code: fault });
    const credentials = { ...s3.account, ...account };
    const objects = createS3Objects(parseS3Url(url(s3.url)), { credentials, tries: 2, backoffMs: 1 });
    const error = await checkObjects(objects).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
    const shown = inspect(error, { depth: 10, showHidden: true });
    for (const secret of [credentials.secretAccessKey, 'stale token', 'Signature=']) expect(shown).not.toContain(secret);
  });

  it('is noticed when the storage does not show at once what was written', async () => {
    const { objects } = await openS3();
    const lagging: ObjectPort = { ...objects, async *list() {} };
    await expect(checkObjects(lagging)).rejects.toMatchObject({ code: 'storage-refused', message: expect.stringContaining('at once') });
    await expect(checkObjects(objects)).resolves.toBeUndefined();
  });

  it('leaves nothing behind when all is right, also with a session token', async () => {
    const { objects, s3 } = await openS3({ sessionToken: 'of an hour' });
    await checkObjects(objects);
    expect(s3.objects.size).toBe(0);
  });
});

describe('a store over S3', () => {
  it('does not drop a block that was damaged on its way, and drops one that is damaged where it lies', async () => {
    const { objects, s3 } = await openS3();
    const store = createObjectStore(objects);
    const { cid } = await store.add(Buffer.from('a file'), { cidVersion: 1 });
    let damages = 1;
    s3.fault = () => (damages-- > 0 ? { kind: 'corrupt' } : undefined);
    await expect(store.block(cid)).rejects.toMatchObject({ code: 'content-corrupt' });
    expect(String(await store.block(cid))).toBe('a file');
    const [key = ''] = [...s3.objects.keys()].filter((name) => name.startsWith('blocks/'));
    s3.objects.set(key, { bytes: Buffer.from('a lie!'), changedMs: 0 });
    await expect(store.block(cid)).rejects.toMatchObject({ code: 'content-corrupt' });
    expect(s3.objects.has(key)).toBe(false);
  });

  it('reads only the blocks with links when it collects garbage again', async () => {
    const { objects, s3 } = await openS3();
    const store = createObjectStore(objects);
    const content = randomBytes(3 * 262_144);
    const pinned = [await store.add(content, { pin: true }), await store.add(randomBytes(3 * 262_144), { pin: true, cidVersion: 1 })];
    const readsOf = async () => {
      s3.requests.length = 0;
      await store.collectGarbage({ graceMs: 0 });
      return s3.requests.filter((request) => request.startsWith('GET blocks/b')).length;
    };
    expect([await readsOf(), await readsOf()]).toEqual([5, 2]);
    for (const { cid } of pinned) expect(await store.has(cid)).toBe(true);
  });

  it('keeps what hangs below a block whose bytes were damaged on their way to the collection of garbage', async () => {
    const { objects, s3 } = await openS3();
    const { cid } = await createObjectStore(objects).add(randomBytes(3 * 262_144), { pin: true });
    let damages = 2;
    s3.fault = (method, key) => (method === 'GET' && key.startsWith('blocks/') && damages-- > 0 ? { kind: 'corrupt' } : undefined);
    expect(await createObjectStore(objects).collectGarbage({ graceMs: 0 })).toEqual({ blocks: 0, bytes: 0 });
    s3.fault = undefined;
    expect(await createObjectStore(objects).has(cid)).toBe(true);
  });

  it('never loses what it acknowledged to sweeps beside it, over a network that fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(99)), async (chances) => {
        const { objects, s3, place } = await openS3({ pageSize: 5 });
        const contents = Array.from({ length: 8 }, () => randomBytes(2000));
        for (const content of contents) await createObjectStore(objects, { clock: longAgo }).add(content);
        s3.fault = () => faultOf(chances.next().value ?? 99);
        const open = () => createObjectStore(createS3Objects(place, { credentials: s3.account, backoffMs: 1, tries: 8 }));
        const sweeps = [open(), open()].map((store) => store.collectGarbage().catch(() => undefined));
        const adds = await Promise.allSettled(contents.map((content) => open().add(content)));
        await Promise.all(sweeps);
        s3.fault = undefined;
        await open().collectGarbage();
        for (const add of adds) if (add.status === 'fulfilled') expect(await open().has(add.value.cid)).toBe(true);
        expect(adds.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
      }),
      { numRuns: process.env['GLEANER_DEEP'] === '1' ? 200 : 5 },
    );
  }, 300_000);
});

describe('address of a bucket', () => {
  it.each([
    ['s3://bucket', { origin: 'https://bucket.s3.us-east-1.amazonaws.com', prefix: '', style: 'host' }],
    ['s3://bucket/a/b/?region=eu-west-3', { origin: 'https://bucket.s3.eu-west-3.amazonaws.com', prefix: 'a/b/', region: 'eu-west-3' }],
    ['s3://with.dots', { origin: 'https://s3.us-east-1.amazonaws.com', style: 'path' }],
    ['s3://bucket/a?endpoint=https://minio.example:9000', { origin: 'https://minio.example:9000', prefix: 'a/', style: 'path' }],
    ['s3://bucket?endpoint=https://r2.example&style=host&region=auto', { origin: 'https://bucket.r2.example', region: 'auto' }],
  ])('%s', (text, expected) => {
    expect(parseS3Url(text)).toMatchObject({ bucket: text.slice(5).split(/[/?]/)[0], ...expected });
  });

  it.each([
    'bucket',
    'https://bucket.example',
    's3://',
    's3://UPPER_CASE',
    's3://ab',
    's3://bucket/a//b',
    's3://bucket/%20',
    's3://bucket?endpoint=minio:9000',
    's3://bucket?endpoint=https://host/path',
    's3://bucket?style=virtual',
    's3://bucket?secret=x',
  ])('refuses %s and shows the form', (text) => {
    expect(() => parseS3Url(text)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining('s3://bucket/prefix?endpoint=') }),
    );
  });

  it('refuses keys in it, and does not repeat them', () => {
    const failing = () => parseS3Url('s3://AKID:topsecret@bucket');
    expect(failing).toThrow('environment or a key file');
    expect(failing).not.toThrow('topsecret');
  });
});

interface Wrong {
  readonly url?: (url: string) => string;
  readonly account?: Readonly<Record<string, string>>;
  readonly server?: { readonly clockAheadMs?: number };
  readonly fault?: string;
  readonly code?: string;
}
const EVERY: Wrong = {};

const longAgo = { nowMs: () => Date.now() - 2 * HOUR_MS };

function anyPassingFault(): fc.Arbitrary<S3Fault> {
  return fc.constantFrom<S3Fault>(
    { kind: 'code', code: 'InternalError' },
    { kind: 'code', code: 'SlowDown' },
    { kind: 'cut' },
    { kind: 'cut', after: true },
    { kind: 'truncate' },
  );
}

/** One request in eight fails, one in four is slow. */
function faultOf(chance: number): S3Fault | undefined {
  if (chance < 4) return { kind: 'cut' };
  if (chance < 9) return { kind: 'cut', after: true };
  if (chance < 12) return { kind: 'code', code: 'SlowDown' };
  return chance < 37 ? { kind: 'slow', ms: chance % 7 } : undefined;
}

async function entriesOf(objects: ObjectPort, prefix: string) {
  const entries = [];
  for await (const entry of objects.list(prefix)) entries.push(entry);
  return entries;
}
