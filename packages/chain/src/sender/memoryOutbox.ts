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
  const newestOfEffect = new Map<string, Bytes32>();
  const holderOfNonce = new Map<string, Bytes32>();

  const find = (address: Address, effect: string): OutboxEntry | undefined => {
    const hash = newestOfEffect.get(`${address}/${effect}`);
    return hash && entries.get(hash);
  };

  const select = (address: Address, matches: (entry: OutboxEntry) => boolean): OutboxEntry[] =>
    [...entries.values()].filter((entry) => entry.address === address && matches(entry)).sort((a, b) => a.nonce - b.nonce);

  const forget = ({ address, effect, nonce, hash }: OutboxEntry): void => {
    entries.delete(hash);
    if (newestOfEffect.get(`${address}/${effect}`) === hash) newestOfEffect.delete(`${address}/${effect}`);
    if (holderOfNonce.get(`${address}/${nonce}`) === hash) holderOfNonce.delete(`${address}/${nonce}`);
  };

  const prune = (): void => {
    if (entries.size <= keepSettled * 2) return;
    const settled = [...entries.values()].filter(({ status }) => status !== 'pending');
    for (const entry of settled.slice(0, Math.max(0, settled.length - keepSettled))) forget(entry);
  };

  return {
    find: async (address, effect) => find(address, effect),
    async put(entry) {
      const previous = find(entry.address, entry.effect);
      if (previous && holdsEffect(previous.status)) return 'effect-exists';
      if (holderOfNonce.has(`${entry.address}/${entry.nonce}`)) return 'nonce-taken';
      entries.set(entry.hash, entry);
      newestOfEffect.set(`${entry.address}/${entry.effect}`, entry.hash);
      holderOfNonce.set(`${entry.address}/${entry.nonce}`, entry.hash);
      prune();
      return 'stored';
    },
    async settle(address, hash, status) {
      const entry = entries.get(hash);
      if (!entry) return;
      entries.set(hash, { ...entry, status });
      if (!holdsNonce(status) && holderOfNonce.get(`${address}/${entry.nonce}`) === hash) holderOfNonce.delete(`${address}/${entry.nonce}`);
    },
    pending: async (address) => select(address, ({ status }) => status === 'pending'),
    fromNonce: async (address, nonce) => select(address, (entry) => entry.nonce >= nonce && holdsNonce(entry.status)),
  };
}
