import type { Address } from '@gleaner/primitives';

/** Where a secret belongs. */
export type SecretPlace =
  /** Key that opens a data set; set once, by its owner. */
  | { readonly kind: 'dataset'; readonly dataset: Address }
  /** Seen by every enclave that runs the app; set once, by its owner. */
  | { readonly kind: 'app'; readonly app: Address }
  /** Seen by enclaves of deals whose params name it; set once. `name`: 1 to 64 of `0-9 A-Z a-z - _`. `requester`: the client's account. */
  | { readonly kind: 'requester'; readonly name: string; readonly requester?: Address }
  /** An account's own, which may be replaced; `RESULT_KEY_NAME` names the key that encrypts its results. */
  | { readonly kind: 'account'; readonly name: string; readonly account?: Address };

/** Name of the account's secret that holds the public key to which enclaves encrypt results, as stock clients write it. */
export const RESULT_KEY_NAME = 'iexec-result-encryption-public-key';
