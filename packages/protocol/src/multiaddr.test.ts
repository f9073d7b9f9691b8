import fc from 'fast-check';
import { base58btc } from 'multiformats/bases/base58';
import { describe, expect, test } from 'vitest';
import { decodeMultiaddr, encodeMultiaddr } from './multiaddr.ts';

describe('multiaddr', () => {
  test('law: a CIDv0 comes back as it went in, whichever of the two names it carried', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.constantFrom('ipfs', 'p2p'), (digest, name) => {
        const cid = base58btc.baseEncode(new Uint8Array([0x12, 0x20, ...digest]));
        expect(decodeMultiaddr(encodeMultiaddr(`/${name}/${cid}`))).toBe(`/ipfs/${cid}`);
      }),
    );
  });

  test('law: other locations are kept as text', () => {
    fc.assert(fc.property(fc.webUrl(), (url) => decodeMultiaddr(encodeMultiaddr(url)) === url));
  });

  test('stock form of a CIDv0', () => {
    expect(encodeMultiaddr('/ipfs/QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o')).toMatch(/^0xa503221220[0-9a-f]{64}$/);
  });

  test('refuses what only looks like a content id', () => {
    expect(() => encodeMultiaddr(`/ipfs/${'0'.repeat(46)}`)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});
