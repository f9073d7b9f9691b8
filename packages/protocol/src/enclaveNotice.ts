import type { Bytes32 } from '@gleaner/primitives';
import { isDevelopmentChain } from './developmentChains.ts';
import { isTeeTag } from './tags.ts';

/** Said wherever a task shows that ran in an enclave which keeps nothing secret from its machine. */
export const SIMULATED = 'simulated, no confidentiality';

/** The same as a field of answers and descriptions. */
export const SIMULATED_ENCLAVE = { hardware: false, notice: SIMULATED } as const;

/** What is to be said of a task of this tag; undefined for one without enclave. On development chains every enclave is simulated. */
export function enclaveNotice({ tag, chainId }: { readonly tag: Bytes32; readonly chainId: number }): string | undefined {
  return isTeeTag(tag) && isDevelopmentChain(chainId) ? SIMULATED : undefined;
}
