import { addressField } from '@gleaner/protocol';
import type { NetworkDescription } from '@gleaner/sdk';
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ });

/** What a browser may know of a network. A closed list: keys, the bare node and everything else of network.json is left out. */
const publicNetworkSchema = z.object({
  chainId: z.number().int().positive(),
  rpcUrl: url,
  hubAddress: addressField,
  tokenAddress: addressField,
  registries: z.object({ app: addressField, dataset: addressField, workerpool: addressField }),
  services: z.object({ iexecGatewayURL: url, ipfsGatewayURL: url, ipfsNodeURL: url, compassURL: url }),
  workerpool: addressField.optional(),
});

/**
 * The public part of a network's description.
 * @throws {ZodError} when a part that the portal needs is missing or malformed
 */
export function publicNetwork(description: unknown): NetworkDescription {
  const { workerpool, ...network } = publicNetworkSchema.parse(description);
  return { ...network, ...(workerpool && { workerpool }) };
}
