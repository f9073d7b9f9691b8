import type { Network } from '@gleaner/localnet';
import { GleanerError } from '@gleaner/primitives';
import type { NetworkDescription } from '@gleaner/sdk';

/**
 * The part of network.json that clients work with.
 * @throws {GleanerError} network-not-running when a service that every client needs is missing from it
 */
export function toDescription(network: Network): NetworkDescription {
  const { chainId, rpcUrl, hubAddress, tokenAddress, registries, services, workerpool } = network;
  const need = (name: 'iexecGatewayURL' | 'ipfsGatewayURL' | 'ipfsNodeURL' | 'compassURL'): string => {
    const url = services[name];
    if (url === undefined)
      throw new GleanerError('network-not-running', `network.json names no ${name}; the network is not complete`, { details: { name } });
    return url;
  };
  return {
    chainId,
    rpcUrl,
    hubAddress,
    tokenAddress,
    registries,
    services: {
      iexecGatewayURL: need('iexecGatewayURL'),
      ipfsGatewayURL: need('ipfsGatewayURL'),
      ipfsNodeURL: need('ipfsNodeURL'),
      compassURL: need('compassURL'),
      ...(services.smsURL !== undefined && { smsURL: services.smsURL }),
    },
    ...(workerpool && { workerpool }),
  };
}
