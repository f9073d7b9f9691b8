import { nodeAccount } from '@gleaner/testkit/published';
import type { LocalAccount } from 'viem';

/** Who takes part, by what they do; the owner has the token's supply. */
export const PARTIES = {
  owner: nodeAccount(0),
  requester: nodeAccount(1),
  appOwner: nodeAccount(2),
  datasetOwner: nodeAccount(3),
  poolOwner: nodeAccount(4),
  /** Has neither tokens nor deals at first. */
  newcomer: nodeAccount(5),
  enclave: nodeAccount(6),
} as const;

/** Six workers without a score. */
export const WORKERS: readonly LocalAccount[] = [8, 9, 10, 11, 12, 13].map((index) => nodeAccount(index));
