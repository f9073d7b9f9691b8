import { describe, expect, it } from 'vitest';
import { isInBatch, SEAL_TYPEHASH, taskLeaf } from '../../src/index.ts';
import { readVector } from '../readVector.ts';
import { makeAssuredVectors } from './makeVectors.ts';

describe('the vectors that the contracts will read', () => {
  it.each(Object.entries(makeAssuredVectors()))('%s.json is what the rules give', (name, vectors) => {
    expect(readVector(`assured/${name}`)).toEqual(vectors);
  });

  it('decide both ways, often enough to tell a wrong rule from a right one', () => {
    const { cases } = readVector<{ cases: { enough: boolean[] } }>('assured/acceptance');
    const accepted = cases.enough.filter((enough) => enough).length;
    expect(cases.enough.length).toBeGreaterThanOrEqual(1_000);
    expect(accepted).toBeGreaterThan(300);
    expect(accepted).toBeLessThan(900);
  });

  it('agree with values computed by other libraries', () => {
    const { tasks, digests, root, proven, proof } = readVector<Record<string, never[]>>('assured/trees') as never as {
      tasks: never[][];
      digests: never[][];
      root: never[];
      proven: string[];
      proof: never[][];
    };
    for (const [at, expected] of OPENZEPPELIN_ROOTS.entries()) expect(root[at]).toBe(expected);
    for (const [at, index] of proven.entries()) {
      const leaf = taskLeaf(tasks[at]?.[Number(index)] as never, digests[at]?.[Number(index)] as never);
      expect(isInBatch(root[at] as never, leaf, proof[at] as never)).toBe(true);
    }
    expect(SEAL_TYPEHASH).toBe('0xdcc900d41862eb4e9bb76d160512d00879f30b76d2d06a005ccaf287219c354d');
  });
});

/** Roots of the same rows by StandardMerkleTree of @openzeppelin/merkle-tree 1.0.8, types bytes32, bytes32. */
const OPENZEPPELIN_ROOTS: readonly string[] = [
  '0x8c929d34bd84fc81b6095d639b920e8d2ce4d1beb56ccf8c05c40062be1d966c',
  '0xffb414cacfc6f7fca70ea0a6304373fad420d6d36433caa86dc8bb870135c2a4',
  '0xcf7dfa2062fb10bd85a033134c1ca0701d2345d581c595d7feca5e08c45f1954',
  '0x3899e991965975f5c6a617d2f1ed628fd530eee34fcab0bccfca955f8ecefbaa',
  '0xd3f232d60575bfdcb6928992c694a5d1789a6fd327506027d3a3016d5fd7f3ba',
  '0xc9d06f626653a066d4f0e7ceff371aea27903ad67c28018ce6d469a59b424766',
  '0x79be16fb13302baa887a62375faf8af6d1eb1e2094146ded1e8d984e3f75fb44',
  '0xb4289524511ff1c6f955dd93c4c06d495bb83b5563d64bdbe91a152262cefbf2',
  '0xe92aa000bf2d96f96e1c9f458cbb068e60939c51eab06daf21f4c17ccffd72f4',
];
