import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicNetwork } from '../src/network/publicNetwork.ts';
import { accountRoles, anyKey, privateNetwork } from './privateNetwork.ts';

/** Keys under any name, also deep inside what is public. */
const anyAddition = fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), anyKey, { maxKeys: 4 });

describe('the public description', () => {
  test('keeps what the portal needs', () => {
    const network = privateNetwork('0x01');
    const { chainId, rpcUrl, hubAddress, tokenAddress, registries, services, workerpool } = network;
    const { smsURL: _, ...known } = services;
    expect(publicNetwork(network)).toEqual({ chainId, rpcUrl, hubAddress, tokenAddress, registries, services: known, workerpool });
  });

  test('never holds a key, the bare node or a field nobody listed', () => {
    fc.assert(
      fc.property(anyKey, anyAddition, anyAddition, anyAddition, (key, top, inServices, inRegistries) => {
        const network = privateNetwork(key);
        const grown = {
          ...top,
          ...network,
          services: { ...inServices, ...network.services },
          registries: { ...inRegistries, ...network.registries },
        };
        const text = JSON.stringify(publicNetwork(grown));
        for (const secret of [key, ...Object.values(top), ...Object.values(inServices), ...Object.values(inRegistries)]) {
          expect(text).not.toContain(secret.slice(2));
        }
        expect(text).not.toContain(network.adminRpcUrl);
        for (const word of ['privateKey', 'accounts', ...accountRoles]) expect(text).not.toContain(`"${word}"`);
      }),
    );
  });

  test('refuses what browsers must not be pointed at', () => {
    expect(() => publicNetwork({ ...privateNetwork('0x01'), rpcUrl: 'javascript:alert(1)' })).toThrow();
    expect(() => publicNetwork({ ...privateNetwork('0x01'), services: {} })).toThrow();
  });
});
