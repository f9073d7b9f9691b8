import fc from 'fast-check';
import { hashStruct } from 'viem';
import { describe, expect, it } from 'vitest';
import { opensVote, VOTE_SEAL_TYPEHASH, voteSealOf } from '../../src/index.ts';
import { addressOf, anyAddress, anyBytes32 } from '../../src/testing.ts';

const numRuns = process.env['GLEANER_DEEP'] ? 2_000 : 40;
const anyVote = fc.record({ value: anyBytes32(), salt: anyBytes32() });
const anyVoteKey = fc.record({ disputeId: anyBytes32(), draw: fc.integer({ min: 0, max: 65_535 }) });
const FIELDS = [
  { name: 'disputeId', type: 'bytes32' },
  { name: 'draw', type: 'uint16' },
  { name: 'operator', type: 'address' },
  { name: 'value', type: 'bytes32' },
  { name: 'salt', type: 'bytes32' },
];

describe('the seal of a vote', () => {
  it('is the hash of the EIP-712 struct of its opening, cut to 28 bytes', () => {
    fc.assert(
      fc.property(anyVoteKey, anyAddress(), anyVote, (key, operator, opening) => {
        const hash = hashStruct({ data: { ...key, operator, ...opening }, primaryType: 'VoteSeal', types: { VoteSeal: FIELDS } });
        expect(voteSealOf(key, operator, opening)).toBe(hash.slice(0, 58));
      }),
      { numRuns },
    );
    expect(VOTE_SEAL_TYPEHASH).toMatchInlineSnapshot(`"0xb61a132c5c0f2fc88c0a880bed731afa6a7dce6f1b66e040de3ccc0c240067b9"`);
  });

  it('opens with its own opening, for its own operator and draw, and with nothing else', () => {
    fc.assert(
      fc.property(anyVoteKey, anyAddress(), anyVote, anyBytes32(), (key, operator, opening, other) => {
        fc.pre(![key.disputeId, opening.value, opening.salt].includes(other));
        const seal = voteSealOf(key, operator, opening);
        expect(opensVote(seal, key, operator, opening)).toBe(true);
        expect(opensVote(`0x${seal.slice(2).toUpperCase()}` as never, key, operator, opening)).toBe(true);
        const wrong = [
          opensVote(seal, { ...key, disputeId: other }, operator, opening),
          opensVote(seal, { ...key, draw: (key.draw + 1) % 65_536 }, operator, opening),
          opensVote(seal, key, addressOf('somebody else'), opening),
          opensVote(seal, key, operator, { ...opening, value: other }),
          opensVote(seal, key, operator, { ...opening, salt: other }),
        ];
        expect(wrong).toEqual([false, false, false, false, false]);
      }),
      { numRuns },
    );
  });
});
