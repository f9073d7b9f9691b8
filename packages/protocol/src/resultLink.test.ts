import { type Cid, isHex } from '@gleaner/primitives';
import fc from 'fast-check';
import { stringToHex } from 'viem';
import { expect, test } from 'vitest';
import { decodeResultLink, encodeResultLink } from './resultLink.ts';

const CID = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o' as Cid;

test('a result link is what clients of PoCo read, and comes back', () => {
  expect(encodeResultLink(CID)).toBe(stringToHex(`{"storage":"ipfs","location":"/ipfs/${CID}"}`));
  expect(decodeResultLink(encodeResultLink(CID))).toBe(CID);
  expect(decodeResultLink(stringToHex(`{"storage":"ipfs","location":"/p2p/${CID}"}`))).toBe(CID);
});

test('anything else that stands on chain names no content', () => {
  const texts = ['', 'null', '[]', '{}', '{"location":7}', '{"location":"https://example.org/x"}', `{"location":"/ipfs/${CID}/../x"}`];
  for (const text of texts) expect(decodeResultLink(stringToHex(text))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const hex = `0x${Buffer.from(bytes).toString('hex')}`;
      expect(isHex(hex) && decodeResultLink(hex)).toBeUndefined();
    }),
  );
});
