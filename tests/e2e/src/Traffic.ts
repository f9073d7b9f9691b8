import { setTimeout as sleep } from 'node:timers/promises';
import { manageOrder } from '@gleaner/chain';
import { type Address, isGleanerError, type ReasonCode } from '@gleaner/primitives';
import { hashOrder, orderDomain } from '@gleaner/protocol';
import { createAppOrder, publishOrder, registerProgram, signOrder } from '@gleaner/sdk';
import type { KnownOffer } from './agreement.ts';
import type { SeededRandom } from './seededRandom.ts';
import { dealOfApp } from './startDeal.ts';
import type { TestNetwork } from './startTestNetwork.ts';

/** What a user may be told while processes are killed: something is away, or not enough is there. */
const AWAY: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'service-unreachable',
  'chain-unreachable',
  'scheduler-unreachable',
  'confidence-unreachable',
  'workers-too-few',
  'no-matching-order',
  'timed-out',
  'network-not-running',
  // its client is closed when the network is started again
  'aborted',
]);

/** Fewer than a wallet may have open. */
const MOST_OFFERS = 40;

/** A market at work: deals are made, offers published and cancelled, one after another, whatever is being killed meanwhile. */
export class Traffic {
  readonly offers: KnownOffer[] = [];
  /** What users were told, by code. */
  readonly refusals = new Map<string, number>();
  deals = 0;
  readonly #net: TestNetwork;
  readonly #random: SeededRandom;
  readonly #program: Uint8Array;
  readonly #stop = new AbortController();
  #app: Address | undefined;
  #running: Promise<void> | undefined;

  constructor(net: TestNetwork, random: SeededRandom, program: Uint8Array) {
    this.#net = net;
    this.#random = random;
    this.#program = program;
  }

  start(): void {
    this.#running = this.#run();
    // told by stop
    this.#running.catch(() => undefined);
  }

  /** @throws what no user should be told */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#act();
      } catch (error) {
        if (!isGleanerError(error) || !AWAY.has(error.code)) throw error;
        this.refusals.set(error.code, (this.refusals.get(error.code) ?? 0) + 1);
      }
      await sleep(this.#random.integer(50, 400));
    }
  }

  async #act(): Promise<void> {
    this.#app ??= (await registerProgram(this.#net.as('requester'), { bytes: this.#program, name: 'traffic' })).app;
    const draw = this.#random.integer(0, 9);
    if (draw < 4) return this.#deal(this.#app);
    if (draw < 8 && this.offers.length < MOST_OFFERS) return this.#publish(this.#app);
    if (this.offers.length > 0) await this.#cancel(this.#random.pick(this.offers));
  }

  async #deal(app: Address): Promise<void> {
    const args = ['work', `${this.#random.integer(1, 200)}`, `traffic ${this.#random.integer(0, 1e9)}`];
    await dealOfApp(this.#net, app, { args, tasks: this.#random.integer(1, 2), trust: 3n });
    this.deals += 1;
  }

  async #publish(app: Address): Promise<void> {
    const gleaner = this.#net.as('requester');
    const order = await signOrder(gleaner, 'app', createAppOrder({ app, price: 7n, volume: 3n }));
    const hash = hashOrder('app', order, orderDomain(gleaner.network));
    const entry = this.offers.push({ hash, order, isAcknowledged: false }) - 1;
    await publishOrder(gleaner, 'app', order);
    this.offers[entry] = { hash, order, isAcknowledged: true };
  }

  async #cancel({ order }: KnownOffer): Promise<void> {
    await manageOrder(this.#net.as('requester').sender(), { kind: 'app', order, operation: 'close' });
  }
}
