export type Colour = 'X' | 'O';
export type Verdict = 'legal' | 'occupied' | 'ko' | 'suicide' | 'off the board';

const COLUMNS = 'ABCDEFGHJKLMNOPQRST';

/**
 * The rules of Go once more, written as slowly and plainly as possible, to judge the engine.
 * Ko is judged by its purpose: a move must not bring back the position before the opponent's last move.
 */
export class Referee {
  readonly size: number;
  toPlay: Colour = 'X';
  #cells: string[];
  #before: string | undefined;

  constructor(size: number) {
    this.size = size;
    this.#cells = Array.from({ length: size * size }, () => '.');
  }

  get position(): string {
    return this.#cells.join('');
  }

  /** All points as people name them. */
  points(): string[] {
    return this.#cells.map((_, index) => `${COLUMNS[index % this.size]}${this.size - Math.floor(index / this.size)}`);
  }

  legalMoves(): string[] {
    return this.points().filter((point) => this.judge(point) === 'legal');
  }

  judge(move: string): Verdict {
    if (move === 'pass') return 'legal';
    const index = this.#index(move);
    if (index === undefined) return 'off the board';
    if (this.#cells[index] !== '.') return 'occupied';
    const after = this.#placed(index);
    if (after[index] === '.') return 'suicide';
    return after.join('') === this.#before ? 'ko' : 'legal';
  }

  play(move: string): void {
    const verdict = this.judge(move);
    if (verdict !== 'legal') throw new Error(`${move}: ${verdict}`);
    const index = this.#index(move);
    const before = this.position;
    if (index !== undefined) this.#cells = this.#placed(index);
    this.#before = index === undefined ? undefined : before;
    this.toPlay = this.toPlay === 'X' ? 'O' : 'X';
  }

  at(point: string): string {
    return this.#cells[this.#index(point) ?? -1] ?? '';
  }

  /** Black's area minus White's, all stones alive. */
  area(): number {
    let area = 0;
    const seen = new Set<number>();
    for (const [index, cell] of this.#cells.entries()) {
      if (cell === 'X') area += 1;
      if (cell === 'O') area -= 1;
      if (cell !== '.' || seen.has(index)) continue;
      const region = this.#region(this.#cells, index);
      for (const point of region) seen.add(point);
      const owners = new Set(
        [...region].flatMap((point) => this.#neighbours(point).map((next) => this.#cells[next])).filter((next) => next !== '.'),
      );
      if (owners.size === 1) area += owners.has('X') ? region.size : -region.size;
    }
    return area;
  }

  /** The cells after a stone is put down and chains without liberties are taken, the opponent's first. */
  #placed(index: number): string[] {
    const cells = [...this.#cells];
    cells[index] = this.toPlay;
    const opponent = this.toPlay === 'X' ? 'O' : 'X';
    for (const colour of [opponent, this.toPlay]) {
      for (const [start, cell] of cells.entries()) {
        if (cell !== colour) continue;
        const chain = this.#region(cells, start);
        const breathes = [...chain].some((stone) => this.#neighbours(stone).some((next) => cells[next] === '.'));
        if (!breathes) for (const stone of chain) cells[stone] = '.';
      }
    }
    return cells;
  }

  #region(cells: readonly string[], start: number): Set<number> {
    const region = new Set([start]);
    for (const point of region) {
      for (const next of this.#neighbours(point)) if (cells[next] === cells[start]) region.add(next);
    }
    return region;
  }

  #neighbours(index: number): number[] {
    const column = index % this.size;
    const all = [column > 0 ? index - 1 : -1, column < this.size - 1 ? index + 1 : -1, index - this.size, index + this.size];
    return all.filter((next) => next >= 0 && next < this.size * this.size);
  }

  #index(point: string): number | undefined {
    const column = COLUMNS.indexOf(point[0] ?? '');
    const row = this.size - Number(point.slice(1));
    const inside = column >= 0 && column < this.size && row >= 0 && row < this.size;
    return point !== 'pass' && inside ? row * this.size + column : undefined;
  }
}
