import type { Address, Bytes32, OrderHash } from '@gleaner/primitives';
import { checksumAddress } from '@gleaner/protocol';
import { readMoment, type Store } from '@gleaner/store';
import { LRUCache } from 'lru-cache';
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
 * The ledger is believed only while it has folded the newest block: what it knows is read together with its head, which must be the chain's.
 */
export function createLedgerFacts({ store: { db }, chain, headHash, hasCode }: LedgerFactsOptions): ChainFacts {
  const chainHead = coalesced(headHash);
  const known = batched((asked: readonly Asked[]) => readKnown(db, asked));
  const current = async (asked: Asked): Promise<Known | undefined> => {
    const [head, answer] = await Promise.all([chainHead(), known(asked)]);
    return answer.headHash === head.toLowerCase() ? answer : undefined;
  };
  const consumedOf = async (order: OrderHash): Promise<bigint> =>
    (await current({ order }))?.isTouched === false ? 0n : ((await chain.consumedOf([order]))[0] ?? 0n);
  const isCodeless = rememberCodeless(hasCode);
  return {
    async ownerOf(asset) {
      const row = (await current({ asset }))?.asset;
      return row === undefined ? chain.ownerOf(asset) : checksumAddress(row.owner);
    },
    async isRegistered(kind, asset) {
      // one that was registered remains so
      return (await known({ asset })).asset?.kind === kind || chain.isRegistered(kind, asset);
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

interface Asked {
  readonly asset?: Address;
  readonly order?: OrderHash;
}

type Known = Awaited<ReturnType<typeof readKnown>>[number];

/** What the ledger knows of each, and at which head. */
async function readKnown(db: Store['db'], asked: readonly Asked[]) {
  const moment = await readMoment(db, {
    assets: asked.flatMap(({ asset }) => asset ?? []),
    orders: asked.flatMap(({ order }) => order ?? []),
  });
  const assets = new Map(moment.assets.map((asset) => [asset.address.toLowerCase(), asset]));
  const touched = new Set(moment.touched.map((order) => order.toLowerCase()));
  return asked.map(({ asset, order }) => ({
    headHash: moment.headHash?.toLowerCase(),
    asset: asset && assets.get(asset.toLowerCase()),
    isTouched: order !== undefined && touched.has(order.toLowerCase()),
  }));
}

/** An account that got code meanwhile (EIP-7702) is noticed within a minute; until then its key's signatures count. */
function rememberCodeless(hasCode: LedgerFactsOptions['hasCode']): (account: Address) => Promise<boolean> {
  const codeless = new LRUCache<Address, true>({ max: REMEMBERED, ttl: CODELESS_MS });
  return async (account) => {
    if (codeless.get(account)) return true;
    if (await hasCode(account)) return false;
    codeless.set(account, true);
    return true;
  };
}
