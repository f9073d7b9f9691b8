import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askGoMove, goMove, runGoMove } from './goMove.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;

describe('go-move refuses', () => {
  it.each([
    [['--size', '4'], '--size must be a whole number from 5 to 19, not "4"'],
    [['--size', '20'], '--size must be'],
    [['--size', 'nine'], '--size must be'],
    [['--size'], '--size needs a value'],
    [['--size='], '--size must be'],
    [['--komi', '7.25'], '--komi must be a number from -400 to 400 in steps of 0.5, not "7.25"'],
    [['--komi', '401'], '--komi must be'],
    [['--komi', ''], '--komi must be'],
    [['--komi', '-'], '--komi must be'],
    [['--to-play', 'red'], '--to-play must be black or white, not "red"'],
    [['--seed', '-1'], '--seed must be'],
    [['--seed', '4294967296'], '--seed must be'],
    [['--playouts', '0'], '--playouts must be'],
    [['--playouts', '1000001'], '--playouts must be'],
    [['--playouts', '99999999999999999999'], '--playouts must be'],
    [['--moves', 'E5 E5'], 'move 2 (white E5) is not legal: the point is occupied'],
    [['--moves', 'I5'], '--moves: "I5" is no point of a 9x9 board'],
    [['--moves', 'K5'], 'is no point'],
    [['--moves', 'E10'], 'is no point'],
    [['--moves', 'E0'], 'is no point'],
    [['--moves', 'E05'], 'is no point'],
    [['--moves', '5E'], 'is no point'],
    [['--moves', 'pass pass'], 'the game is over: both sides passed'],
    [['--moves', 'pass pass E5'], 'move 3 comes after both sides passed'],
    [['--moves', 'A2 E5 B1 A1'], 'move 4 (white A1) is not legal: it would be suicide'],
    [['--size', '9', '--size', '9'], '--size is given twice'],
    [['--colour', 'black'], 'unknown argument "--colour"'],
    [['E5'], 'unexpected argument "E5"'],
    [['-s', '9'], 'unexpected argument "-s"'],
    [['--board', 'absent'], 'cannot open the board file /iexec_in/absent'],
    [['--board', '@1'], 'the request has no such input file'],
    [['--board', '../iexec_out'], 'board file'],
  ])('%j', (args, message) => {
    const { exitCode, stdout, stderr, files } = runGoMove(args);
    expect({ exitCode, stdout, files }).toEqual({ exitCode: 2, stdout: '', files: {} });
    expect(stderr).toMatch(/^go-move: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it('or answers whatever stands on the command line, and never breaks', () => {
    const word = fc.oneof(
      fc.constantFrom(
        '--size',
        '--komi',
        '--to-play',
        '--seed',
        '--moves',
        '--board',
        '--help',
        '--size=5',
        'E5',
        '9',
        'pass',
        'black',
        '@',
        '-',
      ),
      fc.string({ maxLength: 12 }).filter((text) => !text.includes('\0')),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (args) => {
        const { exitCode, stderr } = runGoMove(['--playouts', '5', ...args]);
        expect([0, 2]).toContain(exitCode);
        expect(stderr === '').toBe(exitCode === 0);
      }),
      { numRuns: DEEP ? 2000 : 100 },
    );
  });
});

describe('go-move understands', () => {
  it('what its manifest lists, and lists what it understands', async () => {
    const { exitCode, stdout } = runGoMove(['--help']);
    const { parameters } = goMove.manifest;
    expect(exitCode).toBe(0);
    const listed = [...stdout.matchAll(/^ {2}--([a-z-]+)/gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual([...parameters.map(({ name }) => name), 'help'].sort());
    for (const parameter of parameters) {
      const values =
        'minimum' in parameter ? [parameter.minimum, parameter.maximum].map(String) : 'choices' in parameter ? parameter.choices : [];
      for (const value of values.filter((text) => text !== '1000000')) {
        expect(runGoMove([...(parameter.name === 'playouts' ? [] : ['--playouts', '1']), `--${parameter.name}`, value]).stderr).toBe('');
      }
    }
  });

  it('the defaults that its manifest gives', async () => {
    const { parameters } = goMove.manifest;
    const defaults = Object.fromEntries(
      parameters.flatMap((parameter) => ('default' in parameter ? [[parameter.name, parameter.default]] : [])),
    );
    expect(askGoMove([])).toMatchObject({
      size: defaults['size'],
      komi: defaults['komi'],
      seed: defaults['seed'],
      playouts: defaults['playouts'],
    });
  });

  it('whose turn it is', () => {
    const player = (...args: string[]) => askGoMove(['--playouts', '1', ...args]).player;
    expect(player()).toBe('black');
    expect(player('--moves', 'E5')).toBe('white');
    expect(player('--to-play', 'white')).toBe('white');
    expect(player('--to-play', 'white', '--moves', 'E5 C3')).toBe('white');
    expect(player('--to-play', 'BLACK', '--moves', 'E5')).toBe('black');
  });

  it('moves in either case, between spaces or commas', () => {
    const answer = askGoMove(['--playouts', '50', '--moves', 'E5 C3 pass D4']);
    expect(askGoMove(['--playouts=50', '--moves=e5,c3, PASS ,d4'])).toEqual(answer);
  });
});

describe('go-move reads', () => {
  const GAME = '(;GM[1]FF[4]SZ[9]KM[6.5]PB[A \\] b];B[ee];W[cg];B[];W[df](;B[gc]C[main])(;B[aa];W[bb]))';

  it('the main line of a game in SGF, as if its moves were listed', () => {
    const options = { inputs: { 'game.sgf': GAME } };
    const listed = askGoMove(['--komi', '6.5', '--playouts', '60', '--moves', 'E5 C3 pass D4 G7']);
    expect(askGoMove(['--playouts', '60', '--board', 'game.sgf'], options)).toEqual(listed);
    expect(askGoMove(['--playouts', '60', '--board', '/iexec_in/game.sgf', '--size', '9'], options)).toEqual(listed);
    const named = { ...options, env: { IEXEC_INPUT_FILE_NAME_1: 'game.sgf' } };
    expect(askGoMove(['--playouts', '60', '--board', '@1'], named)).toEqual(listed);
  });

  it('set-up stones, rectangles and the side to play in SGF', () => {
    const text = '(;SZ[7]AB[aa:bb][dd]AW[ga]PL[W])';
    const { stdout } = runGoMove(['--board', 'b', '--playouts', '1'], { inputs: { b: text } });
    expect(stdout).toContain('White plays');
    expect(stdout).toMatch(/^ 7 X X \. .*O 7$/m);
  });

  it('a diagram, also its own', () => {
    const first = runGoMove(['--size', '6', '--playouts', '20', '--moves', 'C3 D4 C4']);
    const drawn = first.stdout.split('\n').slice(0, 8).join('\n');
    const again = runGoMove(['--board', 'b', '--to-play', 'white', '--playouts', '1', '--moves', 'A1'], {
      inputs: { b: `${drawn}\nblack to play\n` },
    });
    expect(again.exitCode).toBe(0);
    const count = (text: string, stone: string) => text.split('\n').slice(0, 8).join('').split(stone).length;
    expect(count(again.stdout, 'X') + count(again.stdout, 'O')).toBe(count(first.stdout, 'X') + count(first.stdout, 'O') + 2);
  });

  it.each([
    ['', 'a board is square, 5 to 19'],
    ['.....\n.....\n', '2 rows of 5 points'],
    ['.....\n....\n', '4 points, but 5 in the row above'],
    ['....\n'.repeat(4), 'a board is square'],
    ['.....\n..Z..\n', "'Z' is not one of"],
    [`${'.'.repeat(20)}\n`, 'more than 19 points'],
    [`${'.'.repeat(19)}\n`.repeat(20), 'more than 19 rows'],
    ['.X...\nXOX..\n.X...\n.....\n.....\n', 'a chain has no liberty'],
    ['(', 'no closing bracket'],
    ['(;SZ[9]', 'no closing bracket'],
    ['(;B[ee', 'no closing bracket'],
    ['(;SZ[9:13])', 'size SZ[9:13] is not supported'],
    ['(;SZ[25])', 'size 25 is not supported'],
    ['(;SZ[9]KM[6.75])', 'komi KM[6.75]'],
    ['(;SZ[9];B[zz])', 'SGF point [zz]'],
    ['(;SZ[9]AB[ee]AW[ee])', 'two stones are set up'],
    ['(;SZ[9]AB[ee];AE[ee])', 'not supported'],
    ['(;SZ[9];B[ee];W[ee])', 'move 2 (white E5) is not legal'],
    ['(;SZ[9]AB[ab][ba]AW[aa])', 'no liberty'],
    ['(;SZ[9]B)', 'has no value'],
    ['(;SZ[9]9[1])', 'is not expected in SGF'],
    ['.'.repeat(70_000), 'larger than 65536 bytes'],
    ['.....\0', 'is not text'],
  ])('and refuses %j', (text, message) => {
    const { exitCode, stderr, files } = runGoMove(['--board', 'b'], { inputs: { b: text } });
    expect({ exitCode, files }).toEqual({ exitCode: 2, files: {} });
    expect(stderr).toContain(message);
  });

  it('no file that contradicts the size', () => {
    expect(runGoMove(['--board', 'b', '--size', '9'], { inputs: { b: '.....\n'.repeat(5) } }).stderr).toContain(
      'contradicts the board file (5)',
    );
    expect(runGoMove(['--board', 'b', '--size', '19'], { inputs: { b: GAME } }).stderr).toContain('contradicts the board file (9)');
  });

  it('any bytes, and never breaks', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      ';',
      'B[ee]',
      'W[',
      ']',
      'SZ[9]',
      'AB[aa:cc]',
      '.',
      'X',
      'O',
      '\n',
      '.....\n',
      '\\',
      ' ',
      'PL[W]',
      'HA[2]',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          expect([0, 2]).toContain(runGoMove(['--playouts', '2', '--board', 'b'], { inputs: { b: text } }).exitCode);
        },
      ),
      { numRuns: DEEP ? 2000 : 100 },
    );
  });
});
