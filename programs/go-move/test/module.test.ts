import { anyArguments } from '../../testing/anyArguments.ts';
import { testModule, testSameEverywhere } from '../../testing/programLaws.ts';
import { goMove } from './goMove.ts';

testModule(goMove);

testSameEverywhere(
  goMove,
  anyArguments(goMove.manifest, {
    atMost: { playouts: 30 },
    values: { moves: ['C3 D4', 'pass', 'c3,c4,d4', 'A1 A1', ''], board: ['corner', 'game.sgf', 'absent'] },
  }).map((args) => ({ args, inputs: { corner: '.....\n.XO..\n..O..\n.....\n.....\n', 'game.sgf': '(;SZ[9]KM[6.5];B[ee];W[cg])' } })),
);
