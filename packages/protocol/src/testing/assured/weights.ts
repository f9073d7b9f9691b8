import fc from 'fast-check';
import { EMPTY_WEIGHTS, setWeight, type WeightTree } from '../../assured/weightTree.ts';

/** 1 to 40 operators with weights from 1 to 5 000, and the epoch from which all of them count. */
export const anyWeights = (): fc.Arbitrary<{ readonly tree: WeightTree; readonly epoch: number }> =>
  fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 5_000 })), {
      minLength: 1,
      maxLength: 40,
      selector: ([operator]) => operator,
    })
    .map((operators) => ({
      tree: operators.reduce((tree, [operator, weight]) => setWeight(tree, { operator, weight, now: 0 }).tree, EMPTY_WEIGHTS),
      epoch: 2,
    }));
