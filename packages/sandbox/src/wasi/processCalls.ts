import { ERRNO, fail } from './errno.ts';
import { MAX_VECTORS } from './GuestMemory.ts';
import { RunEnd } from './RunEnd.ts';
import type { WasiCalls, WasiContext } from './wasiHost.ts';

const encoder = new TextEncoder();
/** Clocks 0–3: real time, monotonic, process time, thread time. All show the same. */
const CLOCKS = 4;
const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const ABSOLUTE_TIME = 1;

/** Arguments, environment, time, randomness and the end of the program. */
export function processCalls(context: WasiContext): WasiCalls {
  const { clock, random, chargeBytes } = context;
  const args = context.options.args.map(terminated);
  const environment = Object.entries(context.options.env).map(([name, value]) => terminated(`${name}=${value}`));
  const lists = { args, environment };

  const sizes = (list: keyof typeof lists) => (countAt: number, bytesAt: number) => {
    context.memory.setU32(countAt, lists[list].length);
    context.memory.setU32(bytesAt, total(lists[list]));
  };
  const copy = (list: keyof typeof lists) => (pointersAt: number, bytesAt: number) => {
    chargeBytes(total(lists[list]));
    let address = bytesAt >>> 0;
    lists[list].forEach((bytes, i) => {
      context.memory.setU32((pointersAt >>> 0) + 4 * i, address);
      context.memory.bytes(address, bytes.length).set(bytes);
      address += bytes.length;
    });
  };
  const knownClock = (id: number): void => {
    if (id >>> 0 >= CLOCKS) fail(ERRNO.invalid);
  };

  return {
    args_sizes_get: sizes('args'),
    args_get: copy('args'),
    environ_sizes_get: sizes('environment'),
    environ_get: copy('environment'),
    clock_res_get: (id: number, at: number) => {
      knownClock(id);
      context.memory.setU64(at, 1n);
    },
    clock_time_get: (id: number, _precision: bigint, at: number) => {
      knownClock(id);
      context.memory.setU64(at, clock.nowNs());
    },
    random_get: (at: number, length: number) => {
      const target = context.memory.bytes(at, length);
      chargeBytes(8 * target.length);
      random.fill(target);
    },
    sched_yield: () => ERRNO.success,
    proc_exit: (code: number) => {
      throw new RunEnd({ kind: 'exit', exitCode: code >>> 0 });
    },
    poll_oneoff: (subscriptionsAt: number, eventsAt: number, count: number, readyAt: number) =>
      poll(context, subscriptionsAt >>> 0, eventsAt >>> 0, count >>> 0, readyAt),
  };
}

/**
 * Waits for clocks only: the clock jumps to the earliest time asked for and that event is reported.
 * Descriptors are always ready, so with one among the subscriptions nothing waits.
 */
function poll(context: WasiContext, subscriptionsAt: number, eventsAt: number, count: number, readyAt: number): void {
  const { memory, clock } = context;
  if (count === 0 || count > MAX_VECTORS) fail(ERRNO.invalid);
  memory.bytes(subscriptionsAt, count * SUBSCRIPTION_BYTES);
  memory.bytes(eventsAt, count * EVENT_BYTES);
  context.chargeBytes(count * SUBSCRIPTION_BYTES);
  const subscriptions = Array.from({ length: count }, (_, i) => readSubscription(context, subscriptionsAt + i * SUBSCRIPTION_BYTES));
  const shortest = subscriptions.map(({ waitNs }) => waitNs).sort(ascending)[0] as bigint;
  clock.sleep(shortest);
  const ready = subscriptions.filter(({ waitNs }) => waitNs === shortest);
  ready.forEach(({ userData, type, errno }, i) => {
    memory.record(eventsAt + i * EVENT_BYTES, EVENT_BYTES, (view) => {
      view.setBigUint64(0, userData, true);
      view.setUint16(8, errno, true);
      view.setUint8(10, type);
    });
  });
  memory.setU32(readyAt, ready.length);
}

interface Subscription {
  readonly userData: bigint;
  readonly type: number;
  readonly errno: number;
  readonly waitNs: bigint;
}

function readSubscription({ memory, clock, descriptors }: WasiContext, at: number): Subscription {
  const userData = memory.getU64(at);
  const type = memory.getU8(at + 8);
  if (type > 2) fail(ERRNO.invalid);
  if (type !== 0) {
    descriptors.get(memory.getU32(at + 16));
    return { userData, type, errno: ERRNO.success, waitNs: 0n };
  }
  if (memory.getU32(at + 16) >= CLOCKS) return { userData, type, errno: ERRNO.invalid, waitNs: 0n };
  const timeout = memory.getU64(at + 24);
  const absolute = (memory.getU16(at + 40) & ABSOLUTE_TIME) !== 0;
  const wait = absolute ? timeout - clock.nowNs() : timeout;
  return { userData, type, errno: ERRNO.success, waitNs: wait > 0n ? wait : 0n };
}

const ascending = (a: bigint, b: bigint): number => Number(a > b) - Number(a < b);
const terminated = (text: string): Uint8Array => encoder.encode(`${text}\0`);
const total = (list: readonly Uint8Array[]): number => list.reduce((sum, { length }) => sum + length, 0);
