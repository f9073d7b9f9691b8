import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import type { Random } from '@gleaner/protocol/testing';
import type { Arena } from './Arena.ts';
import { ACTORS, HELPERS, WALLET } from './actors.ts';
import { both, type Side } from './both.ts';
import { encodeHub, type PairedCall } from './PairedCall.ts';
import type { World } from './World.ts';

/** What only the owner may do, and what everybody may but nobody needs to. */
export function drawOwner(arena: Arena, world: World, random: Random): PairedCall {
  const { systems } = arena;
  const broker = random.pick<Address>([ACTORS.broker.address, ACTORS.broker.address, WALLET, ZERO_ADDRESS]);
  const time = random.pick([50n, 0n, 2n ** 37n, 2n ** 38n, 2n ** 250n]);
  const registries = (side: Side) => [systems[side].registries.app, systems[side].registries.dataset, systems[side].registries.workerpool];
  const [name, args] = random.pick<readonly [string, (side: Side) => readonly unknown[]]>([
    ['setTeeBroker', () => [broker]],
    ['setTeeBroker', () => [broker]],
    ['setCallbackGas', () => [200_000n]],
    ['createCategory', () => ['name', 'a description that is longer than one word of the storage', time]],
    ['updateDomainSeparator', () => []],
    ['importScore', () => [ACTORS.sponsor.address]],
    ['changeRegistries', (side) => registries(side)],
    ['configure', (side) => [systems[side].token, 'a', 'b', 9, ...registries(side), ZERO_ADDRESS]],
    ['recover', () => []],
    ['transferOwnership', () => [HELPERS.yes.address]],
  ]);
  const stranger = random.once(3) || name === 'transferOwnership';
  return {
    name,
    from: stranger ? ACTORS.sponsor.address : ACTORS.owner.address,
    to: both((side) => systems[side].hub),
    data: encodeHub(name, args),
    done: ([published]) => {
      if (published.succeeded && name === 'setTeeBroker') world.broker = broker === ZERO_ADDRESS ? undefined : broker;
    },
  };
}
