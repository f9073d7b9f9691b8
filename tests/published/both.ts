/** A value on the published system and its counterpart on ours. */
export type Both<T> = readonly [published: T, ours: T];
export type Side = 0 | 1;

export function both<T>(make: (side: Side) => T): Both<T> {
  return [make(0), make(1)];
}

export async function bothLater<T>(make: (side: Side) => Promise<T>): Promise<Both<T>> {
  return [await make(0), await make(1)];
}

export const same = <T>(value: T): Both<T> => [value, value];
