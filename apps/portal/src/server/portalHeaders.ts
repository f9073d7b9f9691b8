import type { NetworkDescription } from '@gleaner/sdk';

/** Headers of every answer. The page may talk to this origin and to the services of its network, to nothing else. */
export function portalHeaders(network: NetworkDescription): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentPolicy(network),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  };
}

function contentPolicy(network: NetworkDescription): string {
  const rules: Readonly<Record<string, readonly string[]>> = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'"],
    'connect-src': ["'self'", ...originsOf(network)],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(rules)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join('; ');
}

function originsOf(network: NetworkDescription): string[] {
  const { iexecGatewayURL, ipfsGatewayURL, compassURL } = network.services;
  return [...new Set([network.rpcUrl, iexecGatewayURL, ipfsGatewayURL, compassURL].map((url) => new URL(url).origin))];
}
