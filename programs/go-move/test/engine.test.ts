import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askGoMove, runGoMove } from './goMove.ts';
import { Referee } from './Referee.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;

describe('go-move answers', () => {
  it('with a board for people and files for programs', () => {
    const { exitCode, stdout, stderr, files } = runGoMove(['--size', '5', '--seed', '7', '--playouts', '500', '--moves', 'C3 B3']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "   A B C D E
       5 . . . . . 5
       4 . X . . . 4
       3 . O X . . 3
       2 . . . . . 2
       1 . . . . . 1
         A B C D E

      Black plays B4 (X is Black, O is White)
      stones taken by Black 0, by White 0; komi 7.5
      500 playouts, seed 7

        move   visits   wins
        B4        260   66.92 %
        C4         72   61.11 %
        B2         56   58.92 %
        C2         44   47.72 %
        D2         17   35.29 %
      "
    `);
    expect(files['move.json']).toMatchInlineSnapshot(`
      "{
        "move": "B4",
        "player": "black",
        "winRate": 0.6692,
        "size": 5,
        "komi": 7.5,
        "seed": 7,
        "playouts": 500,
        "top": [
          { "move": "B4", "visits": 260, "winRate": 0.6692 },
          { "move": "C4", "visits": 72, "winRate": 0.6111 },
          { "move": "B2", "visits": 56, "winRate": 0.5892 },
          { "move": "C2", "visits": 44, "winRate": 0.4772 },
          { "move": "D2", "visits": 17, "winRate": 0.3529 }
        ]
      }
      "
    `);
    expect(JSON.parse(files['computed.json'] ?? '')).toEqual({ 'deterministic-output-path': '/iexec_out/move.json' });
    expect(Object.keys(files).sort()).toEqual(['computed.json', 'move.json']);
  });

  it('the same to the same arguments, and otherwise to another seed', () => {
    const args = ['--size', '9', '--playouts', '300', '--moves', 'E5 C3'];
    expect(runGoMove(args)).toEqual(runGoMove(args));
    const visits = [1, 2, 3].map((seed) => JSON.stringify(askGoMove([...args, '--seed', `${seed}`]).top));
    expect(new Set(visits).size).toBe(3);
  });

  it.each(['5', '9', '13', '19'])('on a board of %s with sensible openings', (size) => {
    const { move, top, winRate, playouts } = askGoMove(['--size', size, '--playouts', '400']);
    const edge = new Set(['A', 'ABCDEFGHJKLMNOPQRST'[Number(size) - 1]]);
    expect(edge.has(move[0] ?? '') || move.endsWith(`${size}`) || move.slice(1) === '1').toBe(false);
    expect(winRate).toBe(top[0]?.winRate);
    expect(top.reduce((sum, { visits }) => sum + visits, 0)).toBeLessThanOrEqual(playouts);
  });

  it('by the komi: who is far behind knows it', () => {
    const rate = (komi: string) => askGoMove(['--size', '7', '--komi', komi, '--playouts', '200']).winRate;
    expect(rate('60.5')).toBe(0);
    expect(rate('-60.5')).toBe(1);
  });

  it('counts a drawn game as half a win', () => {
    const full = diagram('XX.OO', 'XX.OO', 'XX.OO', 'XX.OO', 'XX.OO');
    const { winRate } = askGoMove(['--board', 'b', '--komi', '0', '--playouts', '400', '--moves', 'C1 C5 C2 C4'], { inputs: { b: full } });
    expect(winRate).toBeGreaterThan(0);
    expect(winRate).toBeLessThan(1);
  });
});

describe('go-move plays well enough', () => {
  it.each([
    { size: 5, moves: 'B3 C3 C4 E1 D3 E5', best: 'C2', taken: 1 },
    { size: 9, moves: 'D5 E5 E6 A1 F5 J9', best: 'E4', taken: 1 },
    { size: 9, moves: 'D6 D5 E6 E5 F6 F5 C5 A1 D4 J9 E4 A9 G5 J1', best: 'F4', taken: 3 },
    { size: 13, moves: 'F7 F6 G7 G6 H7 H6 E6 A1 F5 N13 G5 A13 J6 N1 L11 C3', best: 'H5', taken: 3 },
  ])('takes $taken in atari on a board of $size', ({ size, moves, best, taken }) => {
    for (const seed of ['1', '2']) {
      const { move } = askGoMove(['--size', `${size}`, '--seed', seed, '--playouts', '800', '--moves', moves]);
      const board = new Referee(size);
      for (const played of moves.split(' ')) board.play(played);
      const stones = () => board.position.split('O').length;
      const before = stones();
      board.play(move);
      expect({ move, taken: before - stones() }).toEqual({ move: best, taken });
    }
  });

  it('takes the group whose capture decides the game', () => {
    const board = diagram('.......', '.XXXXX.', 'XOOOOOX', 'XOOOO.X', '.XXXXX.', '..OOO..', '.......');
    expect(askGoMove(['--board', 'b', '--playouts', '500'], { inputs: { b: board } }).move).toBe('F4');
  });

  it('saves its own group by the same point', () => {
    const board = diagram('.......', '.XXXXX.', 'XOOOOOX', 'XOOOO.X', '.XXXX..', '..OOO..', '.......');
    const { move } = askGoMove(['--board', 'b', '--to-play', 'white', '--playouts', '500'], { inputs: { b: board } });
    expect(['F4', 'F3']).toContain(move);
  });

  it('keeps two eyes when all the rest is settled', () => {
    const board = diagram('.X.XO', 'XXXXO', 'OOOOO', 'OOOOO', 'O.O.O');
    for (const side of ['black', 'white']) {
      expect(askGoMove(['--board', 'b', '--to-play', side, '--playouts', '300'], { inputs: { b: board } }).move).toBe('pass');
    }
  });

  it('beats a random player from either side', () => {
    for (const engine of ['X', 'O']) {
      const board = new Referee(7);
      const played: string[] = [];
      for (let turn = 0; turn < 80 && played.slice(-2).join() !== 'pass,pass'; turn += 1) {
        const move = board.toPlay === engine ? engineMove(board.size, played) : randomMove(board, turn);
        board.play(move);
        played.push(move);
      }
      expect(Math.sign(board.area())).toBe(engine === 'X' ? 1 : -1);
    }
  });
});

describe('go-move keeps the rules', () => {
  /** Black has just taken a white stone at E5 (one stone, one liberty): White may not take back at once. */
  const KO = ['E6', 'F6', 'D5', 'G5', 'E4', 'F4', 'A1', 'E5', 'F5'];

  it('does not retake a ko, and refuses a game that does', () => {
    const board = new Referee(9);
    for (const move of KO) board.play(move);
    expect(board.at('E5')).toBe('.');
    expect(board.judge('E5')).toBe('ko');
    for (let seed = 0; seed < 5; seed += 1) {
      const { move, top } = askGoMove(['--seed', `${seed}`, '--playouts', '300', '--moves', KO.join(' ')]);
      expect(board.judge(move)).toBe('legal');
      expect(top.map((candidate) => candidate.move)).not.toContain('E5');
    }
    expect(runGoMove(['--moves', [...KO, 'E5'].join(' ')])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('move 10 (white E5) is not legal: it retakes a ko'),
    });
    expect(runGoMove(['--playouts', '1', '--moves', [...KO, 'A9', 'J9', 'E5'].join(' ')]).exitCode).toBe(0);
  });

  it('gives a legal move to any arguments', () => {
    fc.assert(
      fc.property(
        anyGame(),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(0xffffffff),
        fc.integer({ min: -40, max: 40 }),
        (game, playouts, seed, halfKomi) => {
          const { board, moves } = game;
          const args = [
            '--size',
            `${board.size}`,
            `--playouts=${playouts}`,
            '--seed',
            `${seed}`,
            '--komi',
            `${halfKomi / 2}`,
            '--moves',
            moves.join(','),
          ];
          const { move, player, top } = askGoMove(args);
          expect(player).toBe(board.toPlay === 'X' ? 'black' : 'white');
          for (const candidate of top) expect([candidate.move, board.judge(candidate.move)]).toEqual([candidate.move, 'legal']);
          expect(move).toBe(top[0]?.move);
        },
      ),
      { numRuns: DEEP ? 2000 : 80 },
    );
  });

  it('agrees with the referee on every move of random games', () => {
    fc.assert(
      fc.property(anyGame(), fc.nat(), ({ board, moves }, pick) => {
        const points = board.points();
        const next = points[pick % points.length] ?? 'A1';
        const verdict = board.judge(next);
        const { exitCode, stderr } = runGoMove(['--size', `${board.size}`, '--playouts', '1', '--moves', [...moves, next].join(' ')]);
        expect({ next, verdict, exitCode, stderr }).toMatchObject({ exitCode: verdict === 'legal' ? 0 : 2 });
        if (verdict !== 'legal') expect(stderr).toContain(verdict === 'ko' ? 'ko' : verdict);
      }),
      { numRuns: DEEP ? 2000 : 80 },
    );
  });

  it('shows the position that the referee has', () => {
    fc.assert(
      fc.property(anyGame(), ({ board, moves }) => {
        const args = ['--size', `${board.size}`, '--playouts', '1', '--moves', moves.join(' ')];
        const { stdout, files } = runGoMove(args);
        board.play((JSON.parse(files['move.json'] ?? '') as { move: string }).move);
        const rows = stdout.split('\n').slice(1, board.size + 1);
        expect(rows.map((row) => row.replace(/[ 0-9]/g, '')).join('')).toBe(board.position);
      }),
      { numRuns: DEEP ? 1000 : 40 },
    );
  });
});

/** A game of random legal moves: captures, kos and passes happen by themselves on small boards. */
function anyGame(): fc.Arbitrary<{ board: Referee; moves: string[] }> {
  const size = fc.oneof({ weight: 4, arbitrary: fc.constant(5) }, { weight: 1, arbitrary: fc.integer({ min: 5, max: 19 }) });
  return fc.tuple(size, fc.array(fc.nat(), { maxLength: 60 })).map(([chosen, picks]) => {
    const board = new Referee(chosen);
    const moves: string[] = [];
    for (const pick of picks) {
      const legal = board.legalMoves();
      const move = pick % 40 === 0 && moves.at(-1) !== 'pass' ? 'pass' : legal[pick % legal.length];
      if (move === undefined) break;
      board.play(move);
      moves.push(move);
    }
    return { board, moves };
  });
}

function engineMove(size: number, played: readonly string[]): string {
  return askGoMove(['--size', `${size}`, '--komi', '0', '--playouts', '150', '--moves', played.join(' ')]).move;
}

function randomMove(board: Referee, turn: number): string {
  const legal = board.legalMoves();
  return legal[(turn * 7919 + 13) % legal.length] ?? 'pass';
}

function diagram(...rows: string[]): string {
  return rows.join('\n');
}
