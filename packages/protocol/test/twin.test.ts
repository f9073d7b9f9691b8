import { type TaskId, type UnixSeconds, ZERO_ADDRESS } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountOf,
  applyCall,
  CHAIN_TASK_STATUSES,
  type HubEvent,
  type MarketCall,
  type MarketState,
  NULL_DATASET_ORDER,
  resultHash,
  resultSeal,
} from '../src/index.ts';
import { anyMarketHistory, buildCall, type HistoryStep, openTestMarket, TEST_ACTORS, TEST_DIGESTS, timesOf } from '../src/testing.ts';

const deep = process.env['GLEANER_DEEP'] !== undefined;
const numRuns = deep ? 3000 : 30;
const A = TEST_ACTORS;

interface Seen {
  readonly before: MarketState;
  readonly call: MarketCall;
  readonly after: MarketState;
  readonly events: readonly HubEvent[];
}

/** Plays a history; `see` gets every call that was accepted. Gives the final state. */
function play(history: readonly HistoryStep[], see: (seen: Seen) => void = () => {}): MarketState {
  const times = timesOf(history);
  let state = openTestMarket();
  for (const [at, step] of history.entries()) {
    const call = buildCall(step, state, times[at] ?? (0n as UnixSeconds));
    if (call === undefined) continue;
    const outcome = applyCall(state, call);
    if (outcome.revert !== undefined) continue;
    see({ before: state, call, after: outcome.state, events: outcome.events });
    state = outcome.state;
  }
  return state;
}

const total = (state: MarketState, part: 'stake' | 'locked'): bigint =>
  [...state.accounts.values()].reduce((sum, account) => sum + account[part], 0n);

describe('the market under random histories', () => {
  it('supply is conserved over free, locked and kitty after every call', () => {
    fc.assert(
      fc.property(anyMarketHistory(), (history) => {
        play(history, ({ after }) => {
          expect(total(after, 'stake')).toBe(after.totalSupply);
          expect(accountOf(after, A.hub).stake).toBe(total(after, 'locked'));
          expect(after.tokens.get(A.hub)).toBe(after.totalSupply);
        });
      }),
      { numRuns },
    );
  });

  it('each task ends once, by payment or by refund, never both', () => {
    fc.assert(
      fc.property(anyMarketHistory(), (history) => {
        const endings = new Map<TaskId, string[]>();
        const state = play(history, ({ events }) => {
          for (const event of events) {
            if (event.name !== 'TaskFinalize' && event.name !== 'TaskClaimed') continue;
            endings.set(event.args.taskid, [...(endings.get(event.args.taskid) ?? []), event.name]);
          }
        });
        for (const [id, task] of state.tasks) {
          const ended = task.status === 'completed' ? ['TaskFinalize'] : task.status === 'failed' ? ['TaskClaimed'] : [];
          expect(endings.get(id) ?? []).toEqual(ended);
        }
      }),
      { numRuns },
    );
  });

  it('the payer of a task is charged its price once or not at all', () => {
    fc.assert(
      fc.property(anyMarketHistory(), (history) => {
        const state = play(history);
        const open = new Map<string, bigint>();
        for (const [id, deal] of state.deals) {
          const price = deal.app.price + deal.dataset.price + deal.workerpool.price;
          const ended = BigInt(
            [...state.tasks.values()].filter((task) => task.dealId === id && ['completed', 'failed'].includes(task.status)).length,
          );
          open.set(deal.sponsor, (open.get(deal.sponsor) ?? 0n) + price * (deal.botSize - ended));
        }
        for (const payer of [A.requester, A.sponsor]) expect(accountOf(state, payer).locked).toBe(open.get(payer) ?? 0n);
      }),
      { numRuns },
    );
  });

  it('nobody is seized or unlocked for more than was locked', () => {
    fc.assert(
      fc.property(anyMarketHistory(), (history) => {
        const lockedSum = new Map<string, bigint>();
        play(history, ({ events }) => {
          for (const event of events) {
            if (event.name !== 'Lock' && event.name !== 'Unlock' && event.name !== 'Seize') continue;
            const { owner, amount } = event.args;
            lockedSum.set(owner, (lockedSum.get(owner) ?? 0n) + (event.name === 'Lock' ? amount : -amount));
            expect(lockedSum.get(owner)).toBeGreaterThanOrEqual(0n);
          }
        });
      }),
      { numRuns },
    );
  });

  it('no order is consumed beyond its volume', () => {
    fc.assert(
      fc.property(anyMarketHistory(), (history) => {
        const volumes = new Map<string, bigint>();
        const state = play(history, ({ call, events }) => {
          if (!('appOrder' in call)) return;
          for (const event of events) {
            if (event.name !== 'OrdersMatched') continue;
            volumes.set(event.args.appHash, call.appOrder.volume);
            volumes.set(event.args.datasetHash, call.datasetOrder.volume);
            volumes.set(event.args.workerpoolHash, call.workerpoolOrder.volume);
            volumes.set(event.args.requestHash, call.requestOrder.volume);
          }
        });
        for (const [hash, volume] of volumes) expect(state.consumed.get(hash as never) ?? 0n).toBeLessThanOrEqual(volume);
      }),
      { numRuns },
    );
  });

  it('the status of a task only goes forward, except by reopen', () => {
    const rank = (state: MarketState, id: TaskId) => CHAIN_TASK_STATUSES.indexOf(state.tasks.get(id)?.status ?? 'unset');
    fc.assert(
      fc.property(anyMarketHistory(), (history) => {
        play(history, ({ before, after, call }) => {
          for (const id of after.tasks.keys()) {
            if (call.name === 'reopen' && call.taskId === id) expect([rank(before, id), rank(after, id)]).toEqual([2, 1]);
            else expect(rank(after, id)).toBeGreaterThanOrEqual(rank(before, id));
          }
          for (const id of before.deals.keys()) expect(after.deals.get(id)).toBe(before.deals.get(id));
        });
      }),
      { numRuns },
    );
  });

  it('a call that reverts says how and leaves nothing; no call panics, and none changes the state it was given', () => {
    fc.assert(
      fc.property(anyMarketHistory(), (history) => {
        const times = timesOf(history);
        let state = openTestMarket();
        for (const [at, step] of history.entries()) {
          const call = buildCall(step, state, times[at] ?? (0n as UnixSeconds));
          if (call === undefined) continue;
          const snapshot = structuredClone(state);
          const outcome = applyCall(state, call);
          expect(state).toEqual(snapshot);
          if (outcome.revert?.kind === 'panic') throw new Error(`${call.name} panics`);
          state = outcome.state ?? state;
        }
      }),
      { numRuns: Math.ceil(numRuns / 5) },
    );
  });

  it('histories reach every ending', () => {
    const names = new Set<string>();
    fc.assert(
      fc.property(anyMarketHistory(), (history) => {
        play(history, ({ events }) => {
          for (const { name } of events) names.add(name);
        });
      }),
      { numRuns: 60, seed: 7 },
    );
    for (const name of [
      'DealSponsored',
      'TaskConsensus',
      'TaskReveal',
      'TaskFinalize',
      'TaskClaimed',
      'FaultyContribution',
      'AccurateContribution',
      'ClosedRequestOrder',
    ]) {
      expect([...names]).toContain(name);
    }
  });
});

describe('one task', () => {
  it('an honest majority that reveals never loses stake', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 }),
        fc.nat(4),
        fc.constantFrom(3n, 5n, 9n),
        (order, liar, trust) => {
          const market = startTask(trust);
          const before = new Map(A.workers.map((worker) => [worker, wealth(market.state, worker)]));
          for (const n of order) market.contribute(n, n === liar ? 'bad' : 'good');
          const honest = order.filter((n) => n !== liar);
          for (const n of honest) market.reveal(n);
          if (!market.finalize()) return; // trust 9 may stay without a consensus
          for (const n of honest) {
            const worker = A.workers[n] ?? ZERO_ADDRESS;
            expect(wealth(market.state, worker)).toBeGreaterThanOrEqual(before.get(worker) ?? 0n);
            expect(accountOf(market.state, worker).locked).toBe(0n);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('the order of reveals changes nobody’s money', () => {
    const wealthAfter = (order: readonly number[]): bigint[] => {
      const market = startTask(5n);
      for (const n of [0, 1, 2]) market.contribute(n, 'good');
      for (const n of order) market.reveal(n);
      expect(market.finalize()).toBe(true);
      return [...A.workers, A.poolOwner].map((account) => wealth(market.state, account));
    };
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
        (order) => void expect(wealthAfter(order)).toEqual(wealthAfter([0, 1, 2])),
      ),
    );
  });

  it('trust 2 is settled by one worker, trust 3 by two', () => {
    const one = startTask(2n);
    one.contribute(0, 'good');
    expect(one.status()).toBe('revealing');
    const two = startTask(3n);
    two.contribute(0, 'good');
    expect(two.status()).toBe('active');
    two.contribute(1, 'good');
    expect(two.status()).toBe('revealing');
  });

  it('a silent consensus is reopened, its workers are refused, others finish and the silent lose their stake', () => {
    const market = startTask(3n);
    market.contribute(0, 'good');
    market.contribute(1, 'good');
    market.now(200n);
    expect(market.call({ name: 'reopen', caller: A.poolOwner, taskId: market.taskId }).revert).toBeUndefined();
    expect(market.contribute(0, 'good').revert).toEqual({ kind: 'empty' });
    market.contribute(2, 'good');
    market.contribute(3, 'good');
    expect(market.status()).toBe('revealing');
    market.reveal(2);
    market.reveal(3);
    const silent = A.workers[0] ?? ZERO_ADDRESS;
    const before = wealth(market.state, silent);
    expect(market.finalize()).toBe(true);
    expect(wealth(market.state, silent)).toBe(before - STAKE);
  });

  it('exactly at each deadline the contract changes its mind', () => {
    const late = startTask(1n);
    late.now(700n);
    expect(late.contribute(0, 'good').revert).toEqual({ kind: 'empty' });
    const intime = startTask(1n);
    intime.now(699n);
    expect(intime.contribute(0, 'good').revert).toBeUndefined();
    intime.now(899n);
    expect(intime.reveal(0).revert?.kind).toBe('empty');
    const claimed = startTask(1n);
    claimed.now(999n);
    expect(claimed.claim().revert).toEqual({ kind: 'empty' });
    claimed.now(1000n);
    expect(claimed.claim().revert).toBeUndefined();
  });

  it('absurd trust makes every contribution panic; the task can only be claimed', () => {
    const market = startTask(2n ** 255n);
    expect(market.contribute(0, 'good').revert).toEqual({ kind: 'panic', code: 0x11 });
    market.now(1000n);
    expect(market.claim().revert).toBeUndefined();
  });
});

const PRICE = 1_000_000_000n;
const STAKE = 300_000_000n;
const START = 1_700_000_000n;

const wealth = (state: MarketState, owner: `0x${string}`): bigint => accountOf(state, owner).stake + accountOf(state, owner).locked;

/** A market with one initialised task of this trust (category T = 100 s); calls change `state`. */
function startTask(trust: bigint) {
  let state = openTestMarket();
  let time = START as UnixSeconds;
  const call = (action: Record<string, unknown>) => {
    const outcome = applyCall(state, { caller: A.sponsor, now: time, ...action } as MarketCall);
    state = outcome.state ?? state;
    return outcome;
  };
  call({ name: 'matchOrders', ...ordersFor(trust) });
  const [dealId] = [...state.deals.keys()];
  call({ name: 'initialize', dealId, index: 0n });
  const [taskId] = [...state.tasks.keys()] as [TaskId];
  const digestOf = (result: 'good' | 'bad') => TEST_DIGESTS[result === 'good' ? 0 : 3] ?? taskId;
  const worker = (n: number) => A.workers[n] ?? ZERO_ADDRESS;
  return {
    taskId,
    call,
    get state() {
      return state;
    },
    status: () => state.tasks.get(taskId)?.status,
    now(seconds: bigint) {
      time = (START + seconds) as UnixSeconds;
      return this;
    },
    contribute: (n: number, result: 'good' | 'bad') =>
      call({
        name: 'contribute',
        caller: worker(n),
        taskId,
        resultHash: resultHash(taskId, digestOf(result) as never),
        resultSeal: resultSeal(worker(n), taskId, digestOf(result) as never),
        enclaveChallenge: ZERO_ADDRESS,
        enclaveSign: 'bad-length',
        authorizationSign: A.poolOwner,
      }),
    reveal: (n: number) => call({ name: 'reveal', caller: worker(n), taskId, digest: digestOf('good') }),
    finalize: () => call({ name: 'finalize', caller: A.poolOwner, taskId, results: '0x', resultsCallback: '0x' }).revert === undefined,
    claim: () => call({ name: 'claim', taskId }),
  };
}

function ordersFor(trust: bigint) {
  const zero = `0x${'0'.repeat(64)}`;
  const open = {
    tag: zero,
    salt: zero,
    requesterrestrict: ZERO_ADDRESS,
    datasetrestrict: ZERO_ADDRESS,
    workerpoolrestrict: ZERO_ADDRESS,
    apprestrict: ZERO_ADDRESS,
  };
  return {
    appOrder: { ...open, app: A.app, appprice: 10n, volume: 1n },
    datasetOrder: NULL_DATASET_ORDER,
    workerpoolOrder: { ...open, workerpool: A.workerpool, workerpoolprice: PRICE, volume: 1n, category: 0n, trust },
    requestOrder: {
      app: A.app,
      appmaxprice: 10n,
      dataset: ZERO_ADDRESS,
      datasetmaxprice: 0n,
      workerpool: ZERO_ADDRESS,
      workerpoolmaxprice: PRICE,
      requester: A.requester,
      volume: 1n,
      tag: zero,
      category: 0n,
      trust,
      beneficiary: A.requester,
      callback: ZERO_ADDRESS,
      params: '',
      salt: zero,
    },
    signatures: { app: A.appOwner, dataset: 'bad-length', workerpool: A.poolOwner, request: A.requester },
  };
}
