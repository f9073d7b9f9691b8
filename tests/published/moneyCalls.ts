import { tokenAbi } from '@gleaner/abi';
import { type Address, type Hex, ZERO_ADDRESS } from '@gleaner/primitives';
import type { Random } from '@gleaner/protocol/testing';
import { type Arena, PURSE } from './Arena.ts';
import { ACTORS, HELPERS, WALLET, WORKERS } from './actors.ts';
import { both, type Side } from './both.ts';
import { HUGE } from './drawOrders.ts';
import { encodeHub, encodeLoosely, type PairedCall } from './PairedCall.ts';
import type { World } from './World.ts';

const RLC = 1_000_000_000n;
const PEOPLE: readonly [Address, ...Address[]] = [
  ACTORS.requester.address,
  ACTORS.sponsor.address,
  ACTORS.poolOwner.address,
  ACTORS.appOwner.address,
  ACTORS.otherRequester.address,
  WORKERS[0].address,
  WALLET,
];

function drawAmount(random: Random): bigint {
  if (random.once(12)) return random.pick([HUGE, 2n ** 255n, 2n ** 96n, 2n ** 96n - 1n, 100n * PURSE, PURSE + 1n]);
  return random.pick([0n, 1n, 7n, RLC, 20n * RLC, BigInt(random.below(1_000_000_000)) * 100n]);
}

function drawPerson(random: Random): Address {
  return random.once(15) ? random.pick<Address>([ZERO_ADDRESS, HELPERS.yes.address]) : random.pick(PEOPLE);
}

type Drawn = readonly [name: string, args: (side: Side) => readonly unknown[]];

/** Money in, out and about in the escrow, the staked token included. */
export function drawMoney(arena: Arena, world: World, random: Random): PairedCall {
  const from = random.pick(PEOPLE);
  const amount = drawAmount(random);
  const [target, spender] = [drawPerson(random), drawPerson(random)];
  const many = Array.from({ length: random.below(4) }, () => drawPerson(random));
  const amounts = Array.from({ length: random.once(4) ? random.below(4) : many.length }, () => drawAmount(random));
  const { systems } = arena;
  const payload = random.once(12) ? random.pick<Hex>(['0x12', '0x12345678']) : '0x';
  const isGift = random.once(12);
  const approval = (side: Side, data: Hex): readonly unknown[] => [target, amount, systems[side].token, data];
  const [name, args] = random.pick<Drawn>([
    ['deposit', () => [amount]],
    ['depositFor', () => [amount, target]],
    ['depositForArray', () => [amounts, many]],
    ['withdraw', () => [amount]],
    ['withdrawTo', () => [amount, target]],
    ['transfer', () => [target, amount]],
    ['transfer', (side) => [isGift ? systems[side].hub : spender, amount]],
    ['approve', () => [spender, amount]],
    ['increaseAllowance', () => [spender, amount]],
    ['decreaseAllowance', () => [spender, amount]],
    ['transferFrom', () => [target, spender, amount]],
    ['transferFrom', () => [target, from, 0n]],
    ['approveAndCall', () => [HELPERS.yes.address, amount, '0x1234']],
    ['approveAndCall', () => [HELPERS.no.address, amount, '0x']],
    ['approveAndCall', () => [HELPERS.reverting.address, amount, '0x']],
    ['approveAndCall', () => [ACTORS.sponsor.address, amount, '0x']],
    ['receiveApproval', (side) => approval(side, '0x')],
    ['receiveApproval', () => [target, amount, target, '0x']],
    ['receiveApproval', (side) => approval(side, payload)],
    ['recover', () => []],
  ]);
  if (name.includes('llow') || name === 'approve') world.allowances.push([from, spender]);
  const detail = name === 'receiveApproval' && payload !== '0x' ? ' with data' : '';
  return { name: `${name}${detail}`, from, to: both((side) => systems[side].hub), data: encodeHub(name, args) };
}

/** Tokens outside the escrow, some of them sent to the hub by mistake. */
export function drawToken(arena: Arena, _: World, random: Random): PairedCall {
  const { systems } = arena;
  const amount = drawAmount(random);
  const payload = random.once(12) ? random.pick<Hex>(['0x12', '0x12345678', '0xb6b55f25']) : '0x';
  const [name, args] = random.pick<Drawn>([
    ['transfer', (side) => [systems[side].hub, amount]],
    ['approve', (side) => [systems[side].hub, amount]],
    ['approveAndCall', (side) => [systems[side].hub, amount, payload]],
    ['transferFrom', (side) => [ACTORS.requester.address, systems[side].hub, amount]],
  ]);
  const data = both((side) => encodeLoosely(tokenAbi, name, args(side)));
  const detail = name === 'approveAndCall' && payload !== '0x' ? ' with data' : '';
  return { name: `${name} of the token${detail}`, from: random.pick(PEOPLE), to: both((side) => systems[side].token), data };
}
