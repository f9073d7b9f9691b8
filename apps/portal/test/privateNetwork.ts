import fc from 'fast-check';

export const accountRoles = ['requester', 'appOwner', 'datasetOwner', 'workerpoolOwner', 'stranger', 'hubOwner'] as const;

/** A private key, 32 bytes in hex. */
export const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);

/** Content of a network.json whose accounts all have this key. */
export function privateNetwork(privateKey: string) {
  const contract = (digit: string): `0x${string}` => `0x${digit.repeat(40)}`;
  const account = { address: contract('a'), privateKey };
  const url = 'http://127.0.0.1:9002';
  return {
    chainId: 1_337_001,
    rpcUrl: 'http://127.0.0.1:9001',
    adminRpcUrl: 'http://127.0.0.1:9009',
    hubAddress: contract('1'),
    tokenAddress: contract('2'),
    registries: { app: contract('3'), dataset: contract('4'), workerpool: contract('5') },
    services: { smsURL: url, iexecGatewayURL: url, ipfsGatewayURL: 'http://127.0.0.1:9003', ipfsNodeURL: url, compassURL: url },
    portalUrl: 'http://127.0.0.1:9004',
    workerpool: contract('6'),
    stockApp: { multiaddr: '/ipfs/Qm', checksum: `0x${'0'.repeat(64)}`, args: '' },
    accounts: Object.fromEntries(accountRoles.map((role) => [role, account])),
  };
}
