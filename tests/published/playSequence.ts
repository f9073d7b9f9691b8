import type { Arena } from './Arena.ts';
import { compareAnswers, type Deviation } from './compareAnswers.ts';
import { endViews } from './endViews.ts';
import { listedDifferences } from './listedDifferences.ts';
import { drawCall, type Step } from './steps.ts';

/** What became of one sequence. */
export interface Played {
  /** Calls made, and how often each succeeded on both. */
  readonly calls: Map<string, { made: number; succeeded: number }>;
  /** Names of the listed differences that showed. */
  readonly differences: ReadonlySet<string>;
  /** The first difference that is not listed; the sequence ends there. */
  readonly fault?: Deviation;
}

/** Plays a sequence on both systems from the start and compares every call, then everything that can be viewed. */
export async function playSequence(arena: Arena, steps: readonly Step[]): Promise<Played> {
  const world = await arena.reset();
  const calls: Played['calls'] = new Map();
  const differences = new Set<string>();
  for (const step of steps) {
    const call = await drawCall(step, arena, world);
    const [asked] = call.view ? await arena.ask([call]) : [await arena.send(call, world.now)];
    if (!asked) continue;
    const count = calls.get(call.name) ?? { made: 0, succeeded: 0 };
    calls.set(call.name, { made: count.made + 1, succeeded: count.succeeded + (asked[0].succeeded && asked[1].succeeded ? 1 : 0) });
    const deviation = compareAnswers(call, asked, world.counterparts);
    const listed = deviation && listedDifferences.find(({ covers }) => covers(deviation));
    if (listed) differences.add(listed.name);
    if (deviation && !listed) {
      return { calls, differences, fault: deviation };
    }
    if (listed?.parts || (call.parts && asked[0].succeeded)) return { calls, differences };
    call.done?.(asked);
  }
  const views = endViews(arena, world);
  const answers = await arena.ask(views);
  for (const [index, view] of views.entries()) {
    const answer = answers[index];
    const deviation = answer && compareAnswers(view, answer, world.counterparts);
    const listed = deviation && listedDifferences.find(({ covers }) => covers(deviation));
    if (listed) differences.add(listed.name);
    if (deviation && !listed) return { calls, differences, fault: { ...deviation, call: `${deviation.call} at the end` } };
  }
  return { calls, differences };
}
