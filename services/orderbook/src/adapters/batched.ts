interface Asked<K, V> {
  readonly key: K;
  resolve(value: V | Promise<V>): void;
}

/**
 * One call for many keys: those that are asked for in one turn of the event loop, and all that are asked for while the call before goes on.
 * When a call for several fails, each is asked for alone, so that one bad key fails for itself only.
 * @param load gives the values in the order of the keys; one that fails must have done nothing
 */
export function batched<K, V>(load: (keys: readonly K[]) => Promise<readonly V[]>): (key: K) => Promise<V> {
  let waiting: Asked<K, V>[] = [];
  let isRunning = false;
  const loadOne = async (key: K): Promise<V> => (await load([key]))[0] as V;
  const loadAll = async (asked: readonly Asked<K, V>[]): Promise<void> => {
    try {
      const values = await load(asked.map(({ key }) => key));
      for (const [index, { resolve }] of asked.entries()) resolve(values[index] as V);
    } catch (error) {
      for (const { key, resolve } of asked) resolve(asked.length === 1 ? Promise.reject(error) : loadOne(key));
    }
  };
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const asked = waiting;
      waiting = [];
      await loadAll(asked);
    }
    isRunning = false;
  };
  return (key) =>
    new Promise((resolve) => {
      waiting.push({ key, resolve });
      if (isRunning) return;
      isRunning = true;
      setImmediate(() => void run());
    });
}
