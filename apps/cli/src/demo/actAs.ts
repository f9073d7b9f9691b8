import { accountFromKey, decodePrivateKey } from '@gleaner/keys';
import type { Network } from '@gleaner/localnet';
import { createGleaner, type Gleaner } from '@gleaner/sdk';
import { toDescription } from '../network/toDescription.ts';

/** A client with the development key of a role. The caller closes it. */
export function actAs(role: 'appOwner' | 'requester', network: Network, signal: AbortSignal): Gleaner {
  const key = decodePrivateKey(network.accounts[role].privateKey, `The development key of ${role}`);
  return createGleaner({ network: toDescription(network), account: accountFromKey(key), signal });
}
