import type { Address, Bytes32 } from '@gleaner/primitives';
import { findChain, listAssetsAt, listConsumption, type Store } from '@gleaner/store';
import { getAddress } from 'viem';
import type { ChainFacts } from '../ports.ts';
import { batched } from './batched.ts';
import { coalesced } from './coalesced.ts';
import { recoverSigner } from './recoverSigner.ts';

/** How long an address is taken for a key's, which has no code, milliseconds. */
const CODELESS_MS = 60_000;
/** Accounts remembered at most. */
const REMEMBERED = 10_000;

export interface LedgerFactsOptions {
  readonly store: Store;
  /** At the head of the chain; asked for what the ledger does not settle. */
  readonly chain: ChainFacts;
  /** Hash of the newest block, at the head of the chain. */
  headHash(): Promise<Bytes32>;
  /** Whether there is code at an address, at the head of the chain. */
  hasCode(account: Address): Promise<boolean>;
}

/**
 * Facts from the ledger and from signatures themselves where these settle them, from the chain where they do not: entries that the ledger has
 * not seen yet, orders of which something was used, free stake, signatures that only a contract can judge.
 * The ledger is believed only while it has folded the newest block; one question about that serves all who ask at the time.
 */
export function createLedgerFacts({ store: { db }, chain, headHash, hasCode }: LedgerFactsOptions): ChainFacts {
  const compareHeads = coalesced(async () => {
    const [head, followed] = await Promise.all([headHash(), findChain(db)]);
    return followed?.headHash.toLowerCase() === head.toLowerCase();
  });
  const isCurrent = batched(async (asked: readonly undefined[]) => {
    const answer = await compareHeads();
    return asked.map(() => answer);
  });
  const assetOf = batched(async (addresses: readonly Address[]) => {
    const rows = new Map((await listAssetsAt(db, addresses)).map((row) => [row.address.toLowerCase(), row]));
    return addresses.map((address) => rows.get(address.toLowerCase()));
  });
  const isUntouched = batched(async (orders: Parameters<ChainFacts['consumedOf']>[0]) => {
    const touched = new Set((await listConsumption(db, orders)).map(({ orderHash }) => orderHash.toLowerCase()));
    return orders.map((hash) => !touched.has(hash.toLowerCase()));
  });
  const consumedOf = async (hash: Parameters<ChainFacts['consumedOf']>[0][number]): Promise<bigint> =>
    (await isCurrent(undefined)) && (await isUntouched(hash)) ? 0n : ((await chain.consumedOf([hash]))[0] ?? 0n);
  const isCodeless = rememberCodeless(hasCode);
  return {
    async ownerOf(asset) {
      const row = (await isCurrent(undefined)) ? await assetOf(asset) : undefined;
      return row === undefined ? chain.ownerOf(asset) : getAddress(row.owner);
    },
    async isRegistered(kind, asset) {
      const row = await assetOf(asset);
      return row?.kind === kind || chain.isRegistered(kind, asset);
    },
    async isSignedBy(account, hash, signature) {
      const signer = await recoverSigner(hash, signature);
      if (signer === account && (await isCodeless(account))) return true;
      return chain.isSignedBy(account, hash, signature);
    },
    consumedOf: (orders) => Promise.all(orders.map(consumedOf)),
    freeStakeOf: (accounts) => chain.freeStakeOf(accounts),
    hasCategory: (category) => chain.hasCategory(category),
  };
}

/** An account that got code meanwhile (EIP-7702) is noticed within a minute; until then its key's signatures count. */
function rememberCodeless(hasCode: LedgerFactsOptions['hasCode']): (account: Address) => Promise<boolean> {
  const readAtMs = new Map<Address, number>();
  return async (account) => {
    const nowMs = performance.now();
    if (nowMs - (readAtMs.get(account) ?? Number.NEGATIVE_INFINITY) < CODELESS_MS) return true;
    if (await hasCode(account)) return false;
    readAtMs.delete(account);
    readAtMs.set(account, nowMs);
    const [oldest] = readAtMs.keys();
    if (readAtMs.size > REMEMBERED && oldest !== undefined) readAtMs.delete(oldest);
    return true;
  };
}
