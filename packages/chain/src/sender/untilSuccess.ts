/** Does something when it is first asked for, and gives what came of it from then on; after a failure it is done again. */
export function untilSuccess<T>(action: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= action().catch((error) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
