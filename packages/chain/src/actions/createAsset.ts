import type { Address } from '@gleaner/primitives';
import { isGleanerError } from '@gleaner/primitives';
import { readAsset } from '../reads/readAsset.ts';
import type { Receipt, Sender } from '../sender/createSender.ts';

/** An asset that exists now. */
export interface Created {
  readonly address: Address;
  /** Absent when the same asset of the same owner was there before. */
  readonly receipt?: Receipt;
}

export interface Creation {
  readonly registry: Address;
  /** Address that owner and content lead to. */
  readonly predicted: Address;
  readonly send: (effect: string) => Promise<Receipt>;
}

/** Owner and content decide an asset's address, so it can exist once: creating it again finds it. */
export async function createAsset(sender: Sender, { registry, predicted, send }: Creation): Promise<Created> {
  const isThere = (): Promise<boolean> => readAsset(sender.chain).isRegistered(registry, predicted);
  if (await isThere()) return { address: predicted };
  try {
    return { address: predicted, receipt: await send(`create:${predicted}`) };
  } catch (error) {
    // somebody else may have been faster: anybody may create an asset for any owner
    if (isGleanerError(error) && error.code === 'chain-reverted' && (await isThere())) return { address: predicted };
    throw error;
  }
}
