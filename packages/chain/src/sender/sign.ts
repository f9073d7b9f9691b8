import type { Bytes32 } from '@gleaner/primitives';
import { GleanerError } from '@gleaner/primitives';
import { keccak256, type LocalAccount, type TransactionSerializable } from 'viem';
import type { Chain } from '../client/createChain.ts';
import type { Call } from './call.ts';
import type { Fees } from './fees.ts';
import type { Nonces } from './nonces.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { untilSuccess } from './untilSuccess.ts';

/** Everything about a transaction but its nonce. */
export interface Prepared {
  readonly call: Call;
  readonly effect: string;
  readonly gas: bigint;
  readonly fees: Fees;
}

export interface SignerOptions {
  readonly chain: Chain;
  readonly account: LocalAccount;
  readonly outbox: Outbox;
  readonly nonces: Nonces;
}

/** Another process may sign for the same account for a moment: a taken nonce is asked for again this often. */
const ATTEMPTS = 5;

export interface Signed {
  readonly entry: OutboxEntry;
  /** False when the outbox held this effect already. */
  readonly fresh: boolean;
}

/**
 * Signs with the next nonce, or the given one, and stores the result; call it inside the mutex.
 * Nothing is taken when the outbox fails. An effect that is stored already gives the stored entry.
 */
export function createSigner({ chain, account, outbox, nonces }: SignerOptions) {
  const readChainId = untilSuccess(() => chain.attempt((rpc) => rpc.getChainId(), 'chain id'));

  return async (prepared: Prepared, givenNonce?: number): Promise<Signed> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const nonce = givenNonce ?? (await nonces.next());
      const entry = await signEntry(account, prepared, nonce, await readChainId());
      const answer = await outbox.put(entry);
      if (answer === 'stored') {
        nonces.take(nonce);
        return { entry, fresh: true };
      }
      if (answer === 'effect-exists') return { entry: await getStored(outbox, entry), fresh: false };
      nonces.refresh();
    }
    throw new GleanerError('transaction-rejected', `Another process keeps taking the nonces of ${account.address}`, {
      details: { address: account.address, reason: 'nonce-taken' },
    });
  };
}

async function signEntry(account: LocalAccount, prepared: Prepared, nonce: number, chainId: number): Promise<OutboxEntry> {
  const { call, effect, gas, fees } = prepared;
  const { to, data, value = 0n } = call;
  const transaction: TransactionSerializable = { ...fees, chainId, nonce, gas, to, data, value };
  const raw = await account.signTransaction(transaction);
  return { effect, address: account.address, nonce, raw, hash: keccak256(raw) as Bytes32, status: 'pending' };
}

async function getStored(outbox: Outbox, { address, effect }: OutboxEntry): Promise<OutboxEntry> {
  const stored = await outbox.find(address, effect);
  if (!stored) throw new GleanerError('invariant-broken', `The outbox refused the effect ${effect} but does not hold it`);
  return stored;
}
