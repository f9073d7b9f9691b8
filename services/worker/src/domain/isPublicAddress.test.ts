import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPublicAddress } from './isPublicAddress.ts';

describe('an address that a request may name', () => {
  test.each(['1.1.1.1', '8.8.8.8', '172.15.255.255', '172.32.0.0', '223.255.255.255', '2606:4700::1111', '2a00::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:8.8.8.8',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    'fc00::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'localhost',
    '0x7f000001',
    '',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test('is never one inside an IPv6 spelling of IPv4, nor any text that is no address', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => void expect(isPublicAddress(`::ffff:${address}`)).toBe(false)));
    fc.assert(fc.property(fc.domain(), (name) => void expect(isPublicAddress(name)).toBe(false)));
  });
});
