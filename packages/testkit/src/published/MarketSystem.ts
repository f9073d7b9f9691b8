import type { Address, Hex } from '@gleaner/primitives';
import type { Category } from '@gleaner/protocol';
import type { Anvil } from './startAnvil.ts';

/** One hub with its token and registries, whoever wrote the contracts. */
export interface MarketSystem {
  readonly name: 'published' | 'ours';
  readonly hub: Address;
  readonly token: Address;
  readonly registries: Readonly<Record<'app' | 'dataset' | 'workerpool', Address>>;
  /** Gas of everything that was deployed and configured. */
  readonly deployGas: bigint;
}

export interface SystemOptions {
  readonly anvil: Anvil;
  /** Owns hub, registries and the supply of the token. */
  readonly owner: Address;
  readonly categories: readonly Category[];
  /** A token that is there already, instead of a new one. */
  readonly token?: Address;
}

export interface Receipt {
  readonly status: '0x0' | '0x1';
  readonly gasUsed: Hex;
  readonly transactionHash: Hex;
  readonly contractAddress: Address | null;
  readonly logs: readonly ReceiptLog[];
}

export interface ReceiptLog {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}
