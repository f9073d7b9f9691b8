import type { Address, Bytes32 } from '@gleaner/primitives';
import { GleanerError } from '@gleaner/primitives';
import type { Abi, BlockTag, ContractFunctionName, LocalAccount, TransactionReceipt } from 'viem';
import type { Chain } from '../client/createChain.ts';
import { adoptEffect } from './adoptEffect.ts';
import { broadcast } from './broadcast.ts';
import { type Call, type ContractCall, encodeCall } from './call.ts';
import { createFeeSource } from './fees.ts';
import type { Flight } from './flights.ts';
import { createMemoryOutbox } from './memoryOutbox.ts';
import { createMutex } from './mutex.ts';
import { createNonces } from './nonces.ts';
import type { Outbox } from './outbox.ts';
import type { SendOptions } from './SendOptions.ts';
import { createSigner, type Prepared } from './sign.ts';
import { explainReverted, simulate } from './simulate.ts';
import { submit } from './submit.ts';
import { createTracker } from './tracker.ts';
import { untilSuccess } from './untilSuccess.ts';
import { waitFor } from './waitFor.ts';

/** Receipt of a mined and successful transaction. */
export type Receipt = TransactionReceipt;

export interface SenderOptions {
  readonly chain: Chain;
  readonly account: LocalAccount;
  /** In memory by default: then a crash forgets what was in flight. */
  readonly outbox?: Outbox;
  /** Until `transaction-timed-out`, from the moment of the call; 60 000 ms by default. */
  readonly timeoutMs?: number;
  /** Between two looks at the head while something is in flight; 100 ms by default. */
  readonly pollMs?: number;
  /** A transaction that is not mined is handed to the node again after this time; 2000 ms by default. */
  readonly rebroadcastMs?: number;
  /** The head is watched this long after the last receipt; 30 000 ms by default. */
  readonly guardMs?: number;
}

/** A transaction on its way, or mined before. */
export interface Submitted {
  readonly hash: Bytes32;
  /** Waits for the receipt, with the failures of `sendCall`. */
  mined(): Promise<Receipt>;
}

/**
 * Sends the transactions of one account. One sender per account and process; it alone gives out nonces.
 *
 * `send` and `sendCall` resolve on the receipt of a mined, successful transaction. They fail with
 * - what the revert means (`chain-reverted`, `balance-too-low`, `stake-too-low`, …), from the simulation (nothing was sent) or, with `mined: true`
 *   in the details, from the block; the same effect may be tried again;
 * - `gas-too-low`, `transaction-rejected`: the node refused it, nothing is in flight; with `reason: 'nonce-consumed'` another transaction
 *   of this account took its nonce: read the world again and plan anew;
 * - `transaction-timed-out`, `aborted`: it is still in flight; the same effect waits for it again;
 * - `chain-unreachable`, `timed-out` before it was signed.
 */
export interface Sender {
  readonly chain: Chain;
  readonly address: Address;
  readonly account: LocalAccount;
  send<const abi extends Abi, name extends ContractFunctionName<abi, 'nonpayable' | 'payable'>>(
    request: ContractCall<abi, name> & SendOptions,
  ): Promise<Receipt>;
  sendCall(call: Call, options?: SendOptions): Promise<Receipt>;
  /** As `sendCall`, but resolves when the transaction is stored and handed to the node. */
  submitCall(call: Call, options?: SendOptions): Promise<Submitted>;
  /** Many at once, nonces in the order given. All are simulated before the first is signed: a refusal sends none of them. */
  submitAll(calls: readonly (Call & SendOptions)[]): Promise<Submitted[]>;
  /** `submitAll`, then the receipts. Fails with the first failure, after all have ended. */
  sendAll(calls: readonly (Call & SendOptions)[]): Promise<Receipt[]>;
  /** Takes up what an earlier process left in the outbox. Called by the first `send` too; a service calls it when it starts. */
  resume(): Promise<void>;
  /** Stops watching; whoever waits gets `aborted`. The outbox keeps what is in flight. */
  close(): void;
}

export function createSender({ chain, account, outbox = createMemoryOutbox(), ...options }: SenderOptions): Sender {
  const { timeoutMs = 60_000, pollMs = 100, rebroadcastMs = 2000, guardMs = 30_000 } = options;
  const { address } = account;
  const mutex = createMutex();
  const nonces = createNonces(chain, address, outbox);
  const fees = createFeeSource(chain);
  const sign = createSigner({ chain, account, outbox, nonces });
  const waiting = new Map<string, Promise<Flight>>();

  const fillGap = async (nonce: number): Promise<void> => {
    const call: Call = { to: address, data: '0x', name: 'fill' };
    const { entry } = await sign({ call, effect: `fill:${nonce}:${crypto.randomUUID()}`, gas: 21_000n, fees: await fees() }, nonce);
    tracker.track(entry, { doubtful: true });
    await broadcast(chain, entry);
  };
  const tracker = createTracker({ chain, address, outbox, nonces, mutex, fillGap, pollMs, rebroadcastMs, guardMs });

  const parts = { chain, address, outbox, tracker, nonces, mutex, sign };

  const resume = untilSuccess(async () => {
    for (const entry of await outbox.pending(address)) tracker.track(entry, { doubtful: true });
    await tracker.audit();
  });

  const prepare = async (call: Call, effect: string, { gas, state }: SendOptions): Promise<Prepared> => {
    const states: BlockTag[] = state ? [state] : tracker.flights.size > 0 ? ['latest', 'pending'] : ['latest'];
    const [limit, current] = await Promise.all([gas ?? simulate(chain, address, call, states), fees()]);
    return { call, effect, gas: limit, fees: current };
  };

  const conclude = async (flight: Flight, call: Call, { signal, timeoutMs: limitMs = timeoutMs }: SendOptions): Promise<Receipt> => {
    const outcome = await waitFor(flight, { timeoutMs: limitMs, lastFailure: tracker.lastFailure, ...(signal && { signal }) });
    if (outcome.status === 'success') return outcome;
    throw await explainReverted(chain, address, call, outcome);
  };

  /** One attempt per effect at a time; a second caller waits for the same transaction. */
  const launch = async (call: Call, effect: string, sendOptions: SendOptions): Promise<Flight | Receipt> => {
    await resume();
    const living = await adoptEffect(parts, effect);
    if (living) return living;
    const started = waiting.get(effect);
    if (started) return started;
    const flight = prepare(call, effect, sendOptions).then((prepared) => {
      throwIfAborted(sendOptions.signal);
      return submit(parts, prepared);
    });
    waiting.set(effect, flight);
    try {
      return await flight;
    } finally {
      waiting.delete(effect);
    }
  };

  const asSubmitted = (launched: Flight | Receipt, call: Call, sendOptions: SendOptions): Submitted => {
    if (!('entry' in launched)) return { hash: launched.transactionHash as Bytes32, mined: async () => launched };
    return { hash: launched.entry.hash, mined: () => conclude(launched, call, sendOptions) };
  };

  const submitCall: Sender['submitCall'] = async (call, sendOptions = {}) => {
    throwIfAborted(sendOptions.signal);
    return asSubmitted(await launch(call, sendOptions.effect ?? `once:${crypto.randomUUID()}`, sendOptions), call, sendOptions);
  };

  const sendCall: Sender['sendCall'] = async (call, sendOptions) => (await submitCall(call, sendOptions)).mined();

  const submitAll: Sender['submitAll'] = async (calls) => {
    await resume();
    const launches = await Promise.all(
      calls.map(async (call) => {
        throwIfAborted(call.signal);
        const effect = call.effect ?? `once:${crypto.randomUUID()}`;
        return { call, launched: (await adoptEffect(parts, effect)) ?? (await prepare(call, effect, call)) };
      }),
    );
    // all reach the mutex before the first leaves it, one after the other: it gives nonces in this order
    return Promise.all(
      launches.map(async ({ call, launched }) => asSubmitted('fees' in launched ? await submit(parts, launched) : launched, call, call)),
    );
  };

  const sendAll: Sender['sendAll'] = async (calls) => {
    const receipts = (await submitAll(calls)).map((submitted) => submitted.mined());
    await Promise.allSettled(receipts);
    return Promise.all(receipts);
  };

  return {
    chain,
    address,
    account,
    send: (request) => sendCall(encodeCall(request as never), request),
    submitCall,
    submitAll,
    sendCall,
    sendAll,
    resume,
    close: () => tracker.close(),
  };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new GleanerError('aborted', 'The transaction was cancelled before it was sent');
}
