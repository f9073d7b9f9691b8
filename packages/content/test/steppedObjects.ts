import type { ObjectEntry, ObjectPort } from '../src/index.ts';

interface Step {
  readonly actor: string;
  readonly what: string;
  readonly take: () => void;
}

/**
 * Which of the waiting steps is next: an index below their number.
 * `previous` is the index of the actor that took the last step, if it waits again.
 */
export type Choose = (waiting: number, previous: number | undefined) => number;

/** Objects in memory whose steps happen one at a time, in the order that a test chooses. */
export class SteppedObjects {
  readonly objects = new Map<string, Uint8Array>();
  readonly waiting: Step[] = [];
  /** What happened, as `put: PUT fresh/…`. */
  readonly history: string[] = [];

  /** The space as one actor sees it: each of its steps waits until it is taken. */
  as(actor: string): ObjectPort {
    const step = <T>(what: string, effect: () => T): Promise<T> =>
      new Promise((resolve) => {
        const take = () => {
          this.history.push(`${actor}: ${what}`);
          resolve(effect());
        };
        this.waiting.push({ actor, what, take });
      });
    const { objects } = this;
    return {
      place: 'memory',
      put: (key, bytes) => step(`PUT ${key}`, () => void objects.set(key, bytes.slice())),
      get: (key) => step(`GET ${key}`, () => objects.get(key)?.slice()),
      size: (key) => step(`HEAD ${key}`, () => objects.get(key)?.length),
      remove: (key) => step(`DELETE ${key}`, () => void objects.delete(key)),
      async *list(prefix) {
        const entries = await step(`LIST ${prefix}`, () => [...objects].flatMap(([key, bytes]) => entryOf(key, bytes, prefix)));
        yield* entries.sort((a, b) => (a.key < b.key ? -1 : 1));
      },
    };
  }

  /**
   * Lets actors run to their end, one step after the other.
   * Waiting steps are in the order of their actors' names, so equal choices give equal runs.
   */
  async run(actors: readonly Promise<unknown>[], choose: Choose): Promise<void> {
    let ended = 0;
    let last: string | undefined;
    for (const actor of actors) actor.catch(() => undefined).finally(() => (ended += 1));
    for (;;) {
      await new Promise(setImmediate);
      if (ended === actors.length) return;
      if (this.waiting.length === 0) continue;
      this.waiting.sort((a, b) => (a.actor < b.actor ? -1 : a.actor > b.actor ? 1 : 0));
      const previous = this.waiting.findIndex(({ actor }) => actor === last);
      const [next] = this.waiting.splice(choose(this.waiting.length, previous < 0 ? undefined : previous), 1);
      last = next?.actor;
      next?.take();
    }
  }
}

function entryOf(key: string, bytes: Uint8Array, prefix: string): ObjectEntry[] {
  return key.startsWith(prefix) ? [{ key, sizeBytes: bytes.length, changedMs: 0 }] : [];
}

/** Calls `run` with every sequence of choices there is, depth first; gives their number. */
export async function everyOrder(run: (choose: (options: number) => number) => Promise<void>): Promise<number> {
  let taken: { readonly choice: number; readonly options: number }[] = [];
  for (let count = 1; ; count += 1) {
    const planned = taken.map(({ choice }) => choice);
    taken = [];
    await run((options) => {
      const choice = planned[taken.length] ?? 0;
      taken.push({ choice, options });
      return choice;
    });
    let last = taken.pop();
    while (last !== undefined && last.choice + 1 >= last.options) last = taken.pop();
    if (last === undefined) return count;
    taken.push({ choice: last.choice + 1, options: last.options });
  }
}
