import {
  type BlockRef,
  type Chain,
  type ChainIdentity,
  type ChainTask,
  fetchEvents,
  type MarketAddresses,
  type MarketEvent,
  readHub,
} from '@gleaner/chain';
import type { Address, DealId, TaskId } from '@gleaner/primitives';
import type { Deal } from '@gleaner/protocol';
import type { InitializedTask } from '../events/LedgerEvent.ts';

/** What the ledger needs of a chain. All calls may fail with `chain-unreachable` or `timed-out`. */
export interface LedgerSource {
  readonly hubAddress: Address;
  identify(): Promise<ChainIdentity>;
  head(): Promise<BlockRef>;
  /** The block of this height, or undefined above the head. */
  block(number: bigint): Promise<BlockRef | undefined>;
  /** Events of these blocks, both ends included, in chain order. */
  events(range: { readonly from: bigint; readonly to: bigint }): Promise<MarketEvent[]>;
  /** Deals as of a block, in the order of the ids; undefined when the block knows none of that id. */
  deals(ids: readonly DealId[], block: bigint): Promise<(Deal | undefined)[]>;
  /** Tasks as of a block, in the order of the ids; undefined when they are not initialized there. */
  tasks(ids: readonly TaskId[], block: bigint): Promise<(InitializedTask | undefined)[]>;
}

export function chainSource(chain: Chain): LedgerSource {
  const hub = readHub(chain);
  let addresses: MarketAddresses | undefined;
  return {
    hubAddress: chain.hubAddress,
    identify: () => chain.identify(),
    head: () => chain.head(),
    block: (number) => chain.block(number),
    // registries are read once: the hub's owner may replace them, which no event tells, and then the ledger is started again
    events: async (range) => {
      addresses ??= await hub.addresses();
      return fetchEvents(chain, addresses, range);
    },
    deals: (ids, block) => hub.viewDeals(ids, { block }),
    tasks: async (ids, block) => {
      const tasks = await hub.viewTasks(ids, { block });
      return tasks.map((task) => (task.status === 'unset' ? undefined : initializedPart(task)));
    },
  };
}

const initializedPart = ({ dealId, index, timeref, contributionDeadline, finalDeadline }: ChainTask): InitializedTask => ({
  dealId,
  index,
  timeref,
  contributionDeadline,
  finalDeadline,
});
