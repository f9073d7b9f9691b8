import type { Address, Hex } from '@gleaner/primitives';
import { GleanerError } from '@gleaner/primitives';
import type { Receipt } from './MarketSystem.ts';
import type { Anvil } from './startAnvil.ts';

export interface Transaction {
  readonly from: Address;
  /** Creates a contract when it is left out. */
  readonly to?: Address;
  readonly data: Hex;
}

/** Enough for every call measured or compared, so that none fails for want of gas. */
const GAS = '0xf42400';

/** Sends one transaction and waits for its block; the account must be one of the node's. */
export async function transact(anvil: Anvil, transaction: Transaction): Promise<Receipt> {
  return await anvil.call<Receipt>('eth_sendTransactionSync', [{ ...transaction, gas: GAS }]);
}

/** As `transact`. @throws {GleanerError} chain-reverted when it fails, with what it answered */
export async function transactOrThrow(anvil: Anvil, transaction: Transaction, name: string): Promise<Receipt> {
  const receipt = await transact(anvil, transaction);
  if (receipt.status === '0x1') return receipt;
  const trace = await anvil.call<{ output?: Hex }>('debug_traceTransaction', [receipt.transactionHash, { tracer: 'callTracer' }]);
  throw new GleanerError('chain-reverted', `${name} failed with ${trace.output ?? '0x'}`, {
    details: { name, output: trace.output ?? '0x' },
  });
}
