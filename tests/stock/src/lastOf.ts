interface Observed {
  readonly message: string;
}
interface Watched {
  subscribe(observer: { next(seen: Observed): void; error(failure: Error): void; complete(): void }): unknown;
}

/** The last thing that an observable of the client says before it completes. */
export function lastOf(observable: Watched): Promise<Observed | undefined> {
  let last: Observed | undefined;
  return new Promise((resolve, reject) => {
    observable.subscribe({
      next: (seen) => {
        last = seen;
      },
      error: reject,
      complete: () => resolve(last),
    });
  });
}
