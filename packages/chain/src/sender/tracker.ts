import type { Address, Bytes32 } from '@gleaner/primitives';
import type { TransactionReceipt } from 'viem';
import type { Chain } from '../client/createChain.ts';
import { broadcast } from './broadcast.ts';
import { closeGaps } from './closeGaps.ts';
import { createFlight, type Flight } from './flights.ts';
import { createHeadFollower } from './headFollower.ts';
import { createMutex, type Mutex } from './mutex.ts';
import { type Nonces, readCounts } from './nonces.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { findReceipts } from './receipts.ts';

export interface TrackerOptions {
  readonly chain: Chain;
  readonly address: Address;
  readonly outbox: Outbox;
  readonly nonces: Nonces;
  readonly mutex: Mutex;
  /** Sends an empty transaction with this nonce, so that later ones can be mined. Called inside the mutex. */
  readonly fillGap: (nonce: number) => Promise<void>;
  /** Between two looks at the head, in milliseconds. */
  readonly pollMs: number;
  /** A transaction without receipt is handed to the node again after this time. */
  readonly rebroadcastMs: number;
  /** The head is watched this long after the last transaction was mined, so that one which a reorganisation drops is sent again. */
  readonly guardMs: number;
}

/** Follows signed transactions until they are mined, and for a while after. */
export interface Tracker {
  readonly flights: ReadonlyMap<Bytes32, Flight>;
  /** Starts to follow an entry of the outbox; doubtful when it may be mined or lost already. */
  track(entry: OutboxEntry, options?: { doubtful?: boolean }): Flight;
  /** Asks for a look at receipt and nonce soon. */
  doubt(flight: Flight): void;
  /** Ends a flight that never entered a pool. */
  drop(flight: Flight): void;
  /** Compares outbox, chain and flights, and re-broadcasts what the chain lacks. */
  audit(): Promise<void>;
  /** Failure of the last look at the chain, if it failed. */
  lastFailure(): unknown;
  close(): void;
}

/** Poll interval while nothing is in flight. */
const GUARD_POLL_MS = 1000;
const SOON_MS = 300;
const RECENT_KEPT = 1024;

export function createTracker(options: TrackerOptions): Tracker {
  const { chain, address, outbox, pollMs, rebroadcastMs, guardMs } = options;
  const flights = new Map<Bytes32, Flight>();
  const recent = new Map<Bytes32, OutboxEntry>();
  const heads = createHeadFollower(chain);
  const oneAudit = createMutex();
  let closed = false;
  let running = false;
  let wake: () => void = () => undefined;
  let lastMinedAt = Number.NEGATIVE_INFINITY;
  let auditDueAt = 0;
  let failure: unknown;

  const doubt = (flight: Flight): void => {
    flight.doubtful = true;
    auditDueAt = Math.min(auditDueAt, performance.now() + SOON_MS);
  };

  const track: Tracker['track'] = (entry, { doubtful = false } = {}) => {
    const known = flights.get(entry.hash);
    if (known) return known;
    const flight = createFlight(entry);
    flights.set(entry.hash, flight);
    if (doubtful) doubt(flight);
    if (closed) flight.resolve({ kind: 'closed' });
    else if (!running) void run();
    else wake();
    return flight;
  };

  const settleMined = async (flight: Flight, receipt: TransactionReceipt): Promise<void> => {
    const { hash } = flight.entry;
    await outbox.settle(address, hash, receipt.status === 'success' ? 'succeeded' : 'reverted');
    flights.delete(hash);
    if (receipt.status === 'success') remember(recent, flight.entry);
    lastMinedAt = performance.now();
    flight.resolve({ kind: 'mined', receipt });
  };

  const settleReplaced = async (flight: Flight): Promise<void> => {
    await outbox.settle(address, flight.entry.hash, 'replaced');
    flights.delete(flight.entry.hash);
    flight.resolve({ kind: 'replaced' });
  };

  const settleThoseIn = async (hashes: readonly Bytes32[]): Promise<void> => {
    const ours = hashes.flatMap((hash) => flights.get(hash) ?? []);
    const receipts = await findReceipts(
      chain,
      ours.map(({ entry }) => entry.hash),
    );
    for (const flight of ours) {
      const receipt = receipts.get(flight.entry.hash);
      if (receipt) await settleMined(flight, receipt);
      else doubt(flight);
    }
  };

  /** Entries that the chain has not, or no longer, though they were signed. */
  const adoptLost = async (latest: number): Promise<void> => {
    for (const entry of await outbox.fromNonce(address, latest)) {
      if (flights.has(entry.hash)) continue;
      if (entry.status === 'reverted') {
        // its effect may have been planned anew under another nonce: an empty transaction takes its place
        await outbox.settle(address, entry.hash, 'replaced');
        continue;
      }
      if (entry.status === 'succeeded') await outbox.settle(address, entry.hash, 'pending');
      track({ ...entry, status: 'pending' }, { doubtful: true });
    }
  };

  const rebroadcast = async (flight: Flight): Promise<void> => {
    flight.broadcastAt = performance.now();
    flight.doubtful = false;
    flight.nonceSeenUsed = false;
    const answer = await broadcast(chain, flight.entry);
    if (answer.kind === 'refused') flight.refusal = answer.error;
    else delete flight.refusal;
  };

  /** Without a receipt although the nonce is used up: true only when seen twice, since the two were not read at the same block. */
  const suspect = async (flight: Flight): Promise<void> => {
    if (flight.nonceSeenUsed) return settleReplaced(flight);
    flight.nonceSeenUsed = true;
    doubt(flight);
  };

  const auditOnce = async (lostAll: boolean): Promise<void> => {
    auditDueAt = performance.now() + rebroadcastMs;
    const [latest, pending] = await readCounts(chain, address);
    await adoptLost(latest);
    const all = [...flights.values()].sort((a, b) => a.entry.nonce - b.entry.nonce);
    const receipts = await findReceipts(
      chain,
      all.map(({ entry }) => entry.hash),
    );
    const missing: Flight[] = [];
    for (const flight of all) {
      const receipt = receipts.get(flight.entry.hash);
      if (receipt) {
        // of a block that the next look will show
        if (!heads.covers(receipt.blockNumber)) continue;
        await settleMined(flight, receipt);
      } else if (flight.entry.nonce < latest) await suspect(flight);
      else if (lostAll || flight.doubtful || performance.now() - flight.broadcastAt >= rebroadcastMs) missing.push(flight);
    }
    await Promise.all(missing.map(rebroadcast));
    await closeGaps({ ...options, flights, latest, pending });
  };
  const audit = (lostAll: boolean): Promise<void> => oneAudit(() => auditOnce(lostAll));

  const reviveRecent = (): void => {
    for (const entry of recent.values()) track(entry, { doubtful: true });
    recent.clear();
  };

  const tick = async (): Promise<void> => {
    const step = await heads.look();
    if (step.kind === 'extended') await settleThoseIn(step.transactions);
    if (step.kind === 'reorganised') reviveRecent();
    if (step.kind === 'reorganised' || step.kind === 'jumped') await audit(step.kind === 'reorganised');
    else if (flights.size > 0 && performance.now() >= auditDueAt) await audit(false);
    heads.accept();
  };

  const idle = (): boolean => flights.size === 0 && performance.now() - lastMinedAt > guardMs;

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, flights.size > 0 ? pollMs : GUARD_POLL_MS);
      if (flights.size === 0) timer.unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async (): Promise<void> => {
    running = true;
    while (!closed && !idle()) {
      try {
        await tick();
        failure = undefined;
      } catch (error) {
        failure = error;
      }
      await pause();
    }
    running = false;
    if (!closed && flights.size > 0) void run();
  };

  return {
    flights,
    track,
    drop: (flight) => void flights.delete(flight.entry.hash),
    doubt,
    audit: () => audit(false),
    lastFailure: () => failure,
    close() {
      closed = true;
      for (const flight of flights.values()) flight.resolve({ kind: 'closed' });
      wake();
    },
  };
}

function remember(recent: Map<Bytes32, OutboxEntry>, entry: OutboxEntry): void {
  recent.set(entry.hash, entry);
  for (const oldest of recent.keys()) {
    if (recent.size <= RECENT_KEPT) break;
    recent.delete(oldest);
  }
}
