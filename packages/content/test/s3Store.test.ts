import { startTestS3 } from '@gleaner/testkit';
import { blockKey, parseCid } from '../src/cids.ts';
import { createObjectStore, createS3Objects, parseS3Url } from '../src/index.ts';
import { storeContract } from './storeContract.ts';
import { testClock } from './testClock.ts';

storeContract('S3', async (options) => {
  const s3 = await startTestS3({ pageSize: 7 });
  const place = parseS3Url(s3.url.replace('?', '/some/where?'));
  const clock = testClock();
  const open = () => createObjectStore(createS3Objects(place, { credentials: s3.account }), { ...options, clock });
  return {
    store: open(),
    other: open(),
    clock,
    async corrupt(cid) {
      const key = `some/where/blocks/${blockKey(parseCid(cid))}`;
      s3.objects.set(key, { bytes: Buffer.from('other bytes'), changedMs: 0 });
    },
    close: () => s3.close(),
  };
});
