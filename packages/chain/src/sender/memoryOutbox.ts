import type { Address, Bytes32 } from '@gleaner/primitives';
import type { Outbox, OutboxEntry, OutboxStatus } from './outbox.ts';

const holdsEffect = (status: OutboxStatus): boolean => status === 'pending' || status === 'succeeded';
const holdsNonce = (status: OutboxStatus): boolean => holdsEffect(status) || status === 'reverted';

/**
 * Outbox that lives as long as the process: for workers and the command line, whose effects the chain itself makes idempotent.
 * @param keepSettled entries kept after they were settled; the oldest go first
 */
export function createMemoryOutbox({ keepSettled = 4096 }: { keepSettled?: number } = {}): Outbox {
  const entries = new Map<Bytes32, OutboxEntry>();
  const newest = new Map<string, Bytes32>();

  const of = (address: Address, matches: (status: OutboxStatus) => boolean): OutboxEntry[] =>
    [...entries.values()].filter((entry) => entry.address === address && matches(entry.status)).sort((a, b) => a.nonce - b.nonce);

  const prune = (): void => {
    if (entries.size <= keepSettled * 2) return;
    for (const entry of [...entries.values()].filter(({ status }) => status !== 'pending').slice(0, -keepSettled)) {
      entries.delete(entry.hash);
      if (newest.get(keyOf(entry.address, entry.effect)) === entry.hash) newest.delete(keyOf(entry.address, entry.effect));
    }
  };

  const find = (address: Address, effect: string): OutboxEntry | undefined => {
    const hash = newest.get(keyOf(address, effect));
    return hash && entries.get(hash);
  };

  return {
    find: async (address, effect) => find(address, effect),
    async put(entry) {
      const previous = find(entry.address, entry.effect);
      if (previous && holdsEffect(previous.status)) return 'effect-exists';
      if (of(entry.address, holdsNonce).some(({ nonce }) => nonce === entry.nonce)) return 'nonce-taken';
      entries.set(entry.hash, entry);
      newest.set(keyOf(entry.address, entry.effect), entry.hash);
      prune();
      return 'stored';
    },
    async settle(_address, hash, status) {
      const entry = entries.get(hash);
      if (entry) entries.set(hash, { ...entry, status });
    },
    pending: async (address) => of(address, (status) => status === 'pending'),
    fromNonce: async (address, nonce) => of(address, holdsNonce).filter((entry) => entry.nonce >= nonce),
  };
}

const keyOf = (address: Address, effect: string): string => `${address}/${effect}`;
