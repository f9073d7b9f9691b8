/**
 * One call for all keys that are asked for in the same turn of the event loop. When a call for several fails, each is asked for alone, so that
 * one bad key fails for itself only.
 * @param load gives the values in the order of the keys; one that fails must have done nothing
 */
export function batched<K, V>(load: (keys: readonly K[]) => Promise<readonly V[]>): (key: K) => Promise<V> {
  let waiting: { readonly key: K; resolve(value: Promise<V> | V): void }[] = [];
  const loadAll = async (keys: readonly K[]): Promise<readonly V[]> => load(keys);
  const loadOne = async (key: K): Promise<V> => (await load([key]))[0] as V;
  const flush = async (): Promise<void> => {
    const asked = waiting;
    waiting = [];
    const [only] = asked;
    if (asked.length === 1 && only !== undefined) return only.resolve(loadOne(only.key));
    const values = await loadAll(asked.map(({ key }) => key)).catch(() => undefined);
    for (const [index, { key, resolve }] of asked.entries()) resolve(values === undefined ? loadOne(key) : (values[index] as V));
  };
  return (key) =>
    new Promise((resolve) => {
      if (waiting.length === 0) setImmediate(() => void flush());
      waiting.push({ key, resolve });
    });
}
