import { describe, expect, test } from 'vitest';
import { contentIdOf } from './contentIdOf.ts';

const CID = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o';

describe('contentIdOf', () => {
  test.each([
    `/ipfs/${CID}`,
    `ipfs://${CID}`,
    `/p2p/${CID}`,
    `http://127.0.0.1:8080/ipfs/${CID}`,
    `https://example.org/ipfs/${CID}/`,
    ` /ipfs/${CID} `,
  ])('finds the content id in %s', (location) => {
    expect(contentIdOf(location, 'input-unreachable')).toBe(CID);
  });

  test.each([
    '',
    CID,
    'http://169.254.169.254/latest/meta-data',
    `http://host/ipfs/${CID}/../../etc/passwd`,
    `file:///ipfs/${CID}`,
    `/ipfs/${CID}?x=1`,
    '/ipfs/short',
    `ipfs://host/${CID}`,
    `http://user@evil/ipfs/${CID}#`,
  ])('refuses %s with the code it was given', (location) => {
    expect(() => contentIdOf(location, 'input-unreachable')).toThrow(expect.objectContaining({ code: 'input-unreachable' }));
  });
});
