import type { SeededRandom } from './seededRandom.ts';

const COLUMNS = 'ABCDEFGHJKLMNOPQRST';

/**
 * Arguments of the Go engine for a random position. Stones stand on every second point of every second line only, so each keeps
 * its liberties for ever and every move is legal, in whatever order.
 */
export function anyGoArguments(random: SeededRandom): string[] {
  const size = random.integer(5, 13);
  const lines = Array.from({ length: Math.ceil(size / 2) }, (_, index) => 2 * index);
  const points = lines.flatMap((column) => lines.map((row) => `${COLUMNS[column]}${row + 1}`));
  const moves = random.sample(points, random.integer(0, Math.min(8, points.length)));
  const optional: string[][] = [
    ['--komi', `${random.integer(-10, 20) / 2}`],
    ['--to-play', random.pick(['black', 'white'])],
    ['--moves', moves.join(random.pick([' ', ',']))],
  ];
  const fixed = ['--size', `${size}`, '--seed', `${random.integer(0, 2 ** 32 - 1)}`, '--playouts', `${random.integer(20, 300)}`];
  return [...fixed, ...random.sample(optional, random.integer(0, optional.length)).flat()];
}

const AWKWARD = [
  '',
  ' ',
  'two words',
  "it's",
  'say "yes"',
  'back\\slash',
  '$HOME',
  '*',
  '`id`',
  ';',
  '--tasks',
  '-',
  'ünï ✓',
  '\t',
  '#1',
  '日本',
];

/** Arguments that a careless shell, splitter or JSON writer would damage. */
export function anyAwkwardArguments(random: SeededRandom): string[] {
  const words = Array.from({ length: random.integer(1, 6) }, () => random.pick(AWKWARD));
  return ['echo', ...words, `${random.integer(0, 1e9)}`];
}
