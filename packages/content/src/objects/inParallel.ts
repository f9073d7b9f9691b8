/**
 * Handles each item, up to `atOnce` of them at the same time, and takes no more from the source than that.
 * The first failure ends it, after what is under way has ended.
 */
export async function inParallel<T>(source: AsyncIterable<T>, atOnce: number, handle: (item: T) => Promise<void>): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  for await (const item of source) {
    const handling = handle(item)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => underWay.delete(handling));
    underWay.add(handling);
    if (underWay.size >= atOnce) await Promise.race(underWay);
    if (failure !== undefined) break;
  }
  await Promise.all(underWay);
  if (failure !== undefined) throw failure.error;
}
