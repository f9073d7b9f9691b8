import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyArguments } from '../../testing/anyArguments.ts';
import { testModule, testRefusals, testSameEverywhere } from '../../testing/programLaws.ts';
import { docking, toPdb } from './docking.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;
const MOLECULE = toPdb([
  { symbol: 'O', place: [1, 2, 3], charge: -0.4 },
  { symbol: 'C', place: [2, 2.5, 3.1], charge: 0.2 },
  { symbol: 'Zn', place: [-4, 0, 1], charge: 2 },
]);
const RECORD = 'ATOM      1  CA  ALA A   1      11.104   6.134  -6.504  1.00  0.00           C\n';

testModule(docking);

testSameEverywhere(
  docking,
  anyArguments(docking.manifest, {
    atMost: { runs: 3, steps: 40 },
    values: { receptor: ['m', '@1', 'absent'], ligand: ['m', '@1'], centre: ['0,0,0', '1,-2.5,3e1', '1,2'], part: ['0/1', '2/5', '5/5'] },
  }).map((args) => ({ args, inputs: { m: MOLECULE }, env: { IEXEC_INPUT_FILE_NAME_1: 'm' } })),
  { runs: 20 },
);

const receptor = (text: string, message: string) =>
  [['--receptor=r', '--ligand=m'], message, { inputs: { r: text, m: MOLECULE } }] as const;

testRefusals(docking, [
  [['--receptor', 'r'], '--receptor and --ligand belong together'],
  [['--ligand', 'l'], '--receptor and --ligand belong together'],
  [['--receptor', 'r', '--ligand', 'l'], 'cannot open the receptor file /iexec_in/r'],
  [['--receptor=@1', '--ligand=@2'], 'the request has no such input file'],
  [['--centre', '1,2'], '--centre must be three numbers from -100000 to 100000, x,y,z, not "1,2"'],
  [['--centre', '1,2,3,4'], '--centre must be three numbers'],
  [['--centre', '1,,3'], '--centre must be three numbers'],
  [['--centre', '1,2,100001'], '--centre must be three numbers'],
  [['--size', '0'], '--size must be a number from 0.1 to 200, not "0"'],
  [['--runs', '1001'], '--runs must be a whole number from 1 to 1000'],
  [['--steps', '9'], '--steps must be'],
  [['--poses', '51'], '--poses must be'],
  [['--part', '4'], 'a part is written index/size'],
  [['--seed', 'x'], '--seed must be'],
  [['--seed'], '--seed needs a value'],
  [['--ph', '7'], 'unknown argument "--ph"'],
  receptor('', 'the receptor has no ATOM or HETATM record'),
  receptor('REMARK nothing\nEND\n', 'the receptor has no ATOM or HETATM record'),
  receptor('ATOM  \n', 'receptor line 1: columns 31 to 38 must be a number, not ""'),
  receptor(`REMARK\n${RECORD.replace('  6.134', ' 6,134 ')}`, 'receptor line 2: columns 39 to 46 must be a number, not "6,134"'),
  receptor(RECORD.replace(' C\n', 'CU\n'), 'receptor line 1: the element of atom "CU" is not known'),
  receptor(RECORD.replace('           C\n', '\n').replace(' CA ', ' ?? '), 'the element of atom "??" is not known'),
  receptor('\0', 'is not text'),
  receptor(RECORD.repeat(5001), 'the receptor has more than 5000 atoms'),
  receptor(' '.repeat(2 ** 20 + 1), 'larger than 1048576 bytes'),
]);

describe('docking reads', () => {
  const ask = (text: string) => docking.run(['--receptor=r', '--ligand=r', '--runs=1', '--steps=10'], { inputs: { r: text } });

  it('elements by their column, by the PDBQT type, or by the name of the atom', () => {
    const element = (text: string) =>
      (ask(text).files['poses.pdb'] ?? '')
        .toString()
        .match(/^HETATM.{70}(..)/m)?.[1]
        ?.trim();
    expect(element(RECORD)).toBe('C');
    expect(element(RECORD.replace(' C\n', 'CA\n'))).toBe('Ca');
    expect(element(RECORD.replace(' C\n', ' NA\n'))).toBe('N'); // acceptor
    expect(element(RECORD.replace(' C\n', 'NA\n'))).toBe('Na');
    expect(element(RECORD.replace(' C\n', ' A\n'))).toBe('C'); // of a ring
    expect(element(RECORD.replace(' C\n', ' Cl\n'))).toBe('Cl');
    expect(element(RECORD.replace(' C\n', ' O1-\n'))).toBe('O');
    expect(element(RECORD.replace('           C\n', '\n'))).toBe('C');
    expect(element(RECORD.replace('           C\n', '\n').replace(' CA ', '1HB '))).toBe('H');
    expect(element(RECORD.replace('           C\n', '\n').replace(' CA ', 'ZN  '))).toBe('Zn');
  });

  it('the first model and the first place of an atom only, with any line ends', () => {
    const count = (text: string) => (ask(text).files['poses.pdb'] ?? '').toString().match(/^HETATM/gm)?.length;
    expect(count(`${RECORD}ENDMDL\n${RECORD}`)).toBe(1);
    expect(count(RECORD.replace(' CA  ALA', ' CA AALA') + RECORD.replace(' CA  ALA', ' CA BALA'))).toBe(1);
    expect(count((RECORD + RECORD).replaceAll('\n', '\r\n'))).toBe(2);
    expect(count((RECORD + RECORD).trimEnd())).toBe(2);
  });

  it('any bytes, and never breaks', () => {
    const piece = fc.oneof(
      fc.constantFrom(RECORD, RECORD.slice(0, 60), 'HETATM', '\n', 'ENDMDL\n', MOLECULE),
      fc.string({ unit: 'binary', maxLength: 30 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const { exitCode, stderr } = ask(pieces.join(''));
        expect([0, 2]).toContain(exitCode);
        expect(stderr === '').toBe(exitCode === 0);
      }),
      { numRuns: DEEP ? 2000 : 40 },
    );
  });
});
