import { describe, expect, it } from 'vitest';
import { readBranches, sortBranches } from './branches.ts';

const report = [
  'SF:copy/src/a.sol',
  'BRDA:3,0,0,7',
  'BRDA:3,0,1,-',
  'BRDA:9,1,0,0',
  'end_of_record',
  'SF:copy/test/a.t.sol',
  'BRDA:1,0,0,-',
].join('\n');
const textOf = (file: string, line: number) => `${file} ${line}`;

describe('branches', () => {
  it('are read from the sources alone, with what was taken', () => {
    expect(readBranches(report, 'copy/src/')).toEqual([
      { file: 'a.sol', line: 3, name: '0.0', taken: true },
      { file: 'a.sol', line: 3, name: '0.1', taken: false },
      { file: 'a.sol', line: 9, name: '1.0', taken: false },
    ]);
  });

  it('of other sources are refused', () => {
    expect(() => readBranches(report, 'elsewhere/')).toThrow('names no branch below elsewhere/');
  });

  it('are excluded by the text of their line, only when they are missed', () => {
    const exclusions = [
      { file: 'a.sol', text: 'a.sol 3', reason: 'cannot be' },
      { file: 'a.sol', text: 'a.sol 4', reason: 'is gone' },
    ];
    const { asked, missing, excluded, idle } = sortBranches(readBranches(report, 'copy/src/'), exclusions, textOf);
    expect(asked.map(({ name }) => name)).toEqual(['0.0', '1.0']);
    expect(missing.map(({ name }) => name)).toEqual(['1.0']);
    expect(excluded.map(({ reason }) => reason)).toEqual(['cannot be']);
    expect(idle.map(({ reason }) => reason)).toEqual(['is gone']);
  });
});
