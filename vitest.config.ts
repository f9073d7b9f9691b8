import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const ignored = ['**/node_modules/**', '**/.cache/**', '**/.gleaner/**'];

/** Suites that compile or start much come first, so that the other processor has work until the end. */
const LONGEST_FIRST = [
  'packages/localnet/',
  'apps/portal/test/portal.test.ts',
  'apps/cli/test/',
  'contracts/',
  'packages/store/',
  'packages/chain/',
  'packages/ledger/',
  'tests/receipts/',
  'packages/sandbox/',
  'services/',
  'tests/stock/',
  'tests/e2e/test/confidential.test.ts',
  'tests/e2e/test/loop.test.ts',
  'tests/e2e/test/killedServices.test.ts',
  'tests/e2e/test/bags.test.ts',
  'tests/e2e/test/badInput.test.ts',
  'tests/e2e/test/poolOperator.test.ts',
  'tests/e2e/test/killedAnywhere.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST_FIRST.findIndex((folder) => moduleId.includes(`/${folder}`));
      return place < 0 ? LONGEST_FIRST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** Real processes on a shared machine: in the gate a test may fail once; the report names those that did. */
const retry = process.env['CI'] ? 1 : 0;

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{packages,services,apps,programs,contracts,scripts,bench}/**/*.test.ts',
            'tests/*.test.ts',
            'tests/{receipts,published}/*.test.ts',
          ],
          exclude: [...ignored, '**/*.apps.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 90_000,
          maxWorkers: 2,
          // Files of one worker share what they import; loading it anew for each of them takes a quarter of the time.
          isolate: false,
          retry,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/{e2e,stock}/test/**/*.test.ts'],
          exclude: ignored,
          // Each brings up networks of its own, and waits for blocks in between: two of them leave a part of two processors idle.
          maxWorkers: 3,
          isolate: false,
          // Of concurrent tests, each a process or two: more at once only wait for each other.
          maxConcurrency: 3,
          retry,
          testTimeout: 240_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // With compilers of other languages, and an S3 that is not ours; `npm run test:apps`, not part of `npm test`.
        test: {
          name: 'apps',
          include: ['tests/e2e/apps/**/*.test.ts', 'packages/*/test/**/*.apps.test.ts'],
          exclude: ignored,
          fileParallelism: false,
          retry,
          testTimeout: 240_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
