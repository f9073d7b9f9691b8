import type { ReactNode } from 'react';
import type { Reading } from '../reading/useReading.ts';

interface TileProps<T> {
  readonly name: string;
  readonly reading: Reading<T>;
  readonly note?: (value: T) => ReactNode;
  readonly children: (value: T) => ReactNode;
}

/** One figure. A dash stands for what is not known; a figure that could not be refreshed says that it is old. */
export function Tile<T>({ name, reading: { value, failure }, note, children }: TileProps<T>) {
  const says =
    failure !== undefined ? (value === undefined ? 'not available' : 'not refreshed') : value !== undefined ? note?.(value) : 'loading';
  return (
    <div className={failure === undefined ? 'tile' : 'tile stale'}>
      <h2>{name}</h2>
      <p className="figure">{value === undefined ? '–' : children(value)}</p>
      <p className="quiet">{says}</p>
    </div>
  );
}
