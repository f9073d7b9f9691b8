import { Random } from '@gleaner/protocol/testing';
import fc from 'fast-check';
import type { Arena } from './Arena.ts';
import { drawMoney, drawToken } from './moneyCalls.ts';
import { drawBroadcast, drawManage, drawMatch, drawOrderView } from './orderCalls.ts';
import { drawOwner } from './ownerCalls.ts';
import type { PairedCall } from './PairedCall.ts';
import { drawStrange, spoil } from './rawCalls.ts';
import { drawCreation, drawEntry, drawRegistry } from './registryCalls.ts';
import {
  drawArray,
  drawClaim,
  drawContribute,
  drawContributeAndFinalize,
  drawFinalize,
  drawInitialize,
  drawMoment,
  drawReopen,
  drawReveal,
} from './taskCalls.ts';
import type { PlayedTask, World } from './World.ts';

type Draw = (arena: Arena, world: World, random: Random) => PairedCall | Promise<PairedCall>;

/** How often each kind of call comes, and how it is drawn. */
const KINDS: Readonly<Record<string, { readonly weight: number; readonly draw: Draw }>> = {
  match: { weight: 14, draw: drawMatch },
  manage: { weight: 5, draw: drawManage },
  broadcast: { weight: 2, draw: drawBroadcast },
  orderView: { weight: 8, draw: drawOrderView },
  money: { weight: 9, draw: drawMoney },
  token: { weight: 3, draw: drawToken },
  initialize: { weight: 12, draw: drawInitialize },
  array: { weight: 3, draw: drawArray },
  contribute: { weight: 26, draw: drawContribute },
  reveal: { weight: 16, draw: drawReveal },
  reopen: { weight: 4, draw: drawReopen },
  finalize: { weight: 10, draw: drawFinalize },
  contributeAndFinalize: { weight: 8, draw: drawContributeAndFinalize },
  claim: { weight: 4, draw: drawClaim },
  creation: { weight: 2, draw: drawCreation },
  registry: { weight: 3, draw: drawRegistry },
  entry: { weight: 2, draw: drawEntry },
  owner: { weight: 3, draw: drawOwner },
  strange: { weight: 1, draw: drawStrange },
};

/** One step of a sequence; what it does depends on what the steps before it brought about. */
export interface Step {
  readonly kind: string;
  /** Decides everything else about the step. */
  readonly seed: number;
  /** Seconds before it, at least one. */
  readonly delay: number;
}

export function anySequence(maxLength: number): fc.Arbitrary<readonly Step[]> {
  const kinds = Object.entries(KINDS).map(([kind, { weight }]) => ({ weight, arbitrary: fc.constant(kind) }));
  const delay = fc.oneof(
    { weight: 120, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 1, arbitrary: fc.integer({ min: 9, max: 1500 }) },
  );
  const step = fc.record({ kind: fc.oneof(...kinds), seed: fc.noBias(fc.nat()), delay });
  return fc.array(step, { minLength: maxLength, maxLength, size: 'max' });
}

/** The call that a step makes here and now; it moves the clock of the world. */
export async function drawCall({ kind, seed, delay }: Step, arena: Arena, world: World): Promise<PairedCall> {
  const random = new Random(seed);
  const suited = random.once(15) ? kind : suit(kind, world);
  const jumps = JUMPS[suited] ?? 60;
  const moment = random.once(jumps) ? drawMoment(world, random) : undefined;
  world.now = moment ?? world.now + BigInt(delay);
  const draw = KINDS[suited]?.draw ?? drawStrange;
  const call = await draw(arena, world, random);
  return random.once(40) ? spoil(call, world, random) : call;
}

/** Once in how many times a step of this kind comes at a moment when something changes; of the others once in sixty. */
const JUMPS: Readonly<Record<string, number>> = { reopen: 2, claim: 2, finalize: 8, reveal: 25, contribute: 25 };

const NEEDS: Readonly<Record<string, 'active' | 'revealing'>> = {
  contribute: 'active',
  contributeAndFinalize: 'active',
  reveal: 'revealing',
  finalize: 'revealing',
  reopen: 'revealing',
};

/** The kind itself when there is something to do it with; else what leads there. */
function suit(kind: string, world: World): string {
  const has = (phase: PlayedTask['phase']) => world.tasksIn(phase).length > 0;
  const need = NEEDS[kind];
  if (need === 'revealing' && !has('revealing')) return suit('contribute', world);
  if (need === 'active' && !has('active')) return suit('initialize', world);
  return kind === 'initialize' && !has('unset') ? 'match' : kind;
}
