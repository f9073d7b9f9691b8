import type { BlockRef, ChainIdentity, MarketEvent } from '@gleaner/chain';
import type { Address, Bytes32, DealId, TaskId, UnixSeconds } from '@gleaner/primitives';
import { ZERO_BYTES32 } from '@gleaner/primitives';
import type { LedgerSource } from '../src/index.ts';
import { EMPTY_MARKET, type GeneratedMarket, type Move, playMove } from './generatedMarket.ts';

interface GeneratedBlock {
  readonly ref: BlockRef;
  readonly events: readonly MarketEvent[];
  readonly market: GeneratedMarket;
}

/** Takes away that many blocks, never the first one, and then adds others. */
export interface Mutation {
  readonly cut: number;
  readonly grow: readonly (readonly Move[])[];
}

const HUB: Address = '0x00000000000000000000000000000000000000AB';

/** A chain whose blocks are written by moves; it can lose blocks and grow others in their place. */
export class GeneratedChain implements LedgerSource {
  readonly hubAddress = HUB;
  /** Called before each request: the place where the chain may change under the reader. */
  beforeRequest: () => void = () => {};
  #blocks: readonly GeneratedBlock[];
  #hashes = 0;

  constructor(genesis = 0) {
    const hash = hashOf(genesis, 0xff);
    this.#blocks = [
      { ref: { number: 0n, hash, parentHash: ZERO_BYTES32, timestamp: 1000n as UnixSeconds }, events: [], market: EMPTY_MARKET },
    ];
  }

  mutate({ cut, grow }: Mutation): void {
    this.#blocks = this.#blocks.slice(0, Math.max(1, this.#blocks.length - cut));
    for (const moves of grow) this.#append(moves);
  }

  get blocks(): readonly GeneratedBlock[] {
    return this.#blocks;
  }

  async identify(): Promise<ChainIdentity> {
    return { chainId: 31337, genesisHash: (await this.#request(() => this.#blocks[0] as GeneratedBlock)).ref.hash };
  }

  head(): Promise<BlockRef> {
    return this.#request(() => this.#tip().ref);
  }

  block(number: bigint): Promise<BlockRef | undefined> {
    return this.#request(() => this.#blocks[Number(number)]?.ref);
  }

  events({ from, to }: { from: bigint; to: bigint }): Promise<MarketEvent[]> {
    return this.#request(() => this.#blocks.slice(Number(from), Number(to) + 1).flatMap(({ events }) => events));
  }

  deals(ids: readonly DealId[], block: bigint) {
    return this.#request(() => ids.map((id) => this.#blocks[Number(block)]?.market.deals.get(id)));
  }

  tasks(ids: readonly TaskId[], block: bigint) {
    return this.#request(() =>
      ids.map((id) => {
        const task = this.#blocks[Number(block)]?.market.tasks.get(id);
        if (!task) return undefined;
        const { dealId, index, timeref, contributionDeadline, finalDeadline } = task;
        return { dealId, index, timeref, contributionDeadline, finalDeadline };
      }),
    );
  }

  async #request<T>(answer: () => T): Promise<T> {
    await Promise.resolve();
    this.beforeRequest();
    return answer();
  }

  #tip(): GeneratedBlock {
    return this.#blocks.at(-1) as GeneratedBlock;
  }

  #append(moves: readonly Move[]): void {
    const { ref: parent, market: before } = this.#tip();
    const timestamp = (parent.timestamp + 3n) as UnixSeconds;
    const ref = { number: parent.number + 1n, hash: hashOf(++this.#hashes, 1), parentHash: parent.hash, timestamp };
    let market = before;
    const events: MarketEvent[] = [];
    for (const move of moves) {
      const outcome = playMove(market, move, timestamp);
      market = outcome.market;
      for (const event of outcome.events) {
        const logIndex = events.length;
        const transactionHash = hashOf(this.#hashes * 1000 + logIndex, 2);
        const place = { address: HUB, blockNumber: ref.number, blockHash: ref.hash, transactionHash, transactionIndex: 0, logIndex };
        events.push({ ...event, ...place } as MarketEvent);
      }
    }
    this.#blocks = [...this.#blocks, { ref, events, market }];
  }
}

const hashOf = (value: number, kind: number): Bytes32 =>
  `0x${kind.toString(16).padStart(2, '0')}${value.toString(16).padStart(62, '0')}` as Bytes32;
