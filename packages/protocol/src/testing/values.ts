import type { Address, Bytes32 } from '@gleaner/primitives';
import { ZERO_ADDRESS } from '@gleaner/primitives';
import fc from 'fast-check';
import { getAddress, keccak256, stringToHex } from 'viem';
import { tagFromBits } from '../tags.ts';
import { MAX_UINT256 } from '../uint256.ts';

/** The address that stands for a name; the same name always gives the same one. */
export function addressOf(name: string): Address {
  return getAddress(keccak256(stringToHex(name)).slice(0, 42));
}

export const anyAddress = (): fc.Arbitrary<Address> => fc.integer({ min: 0, max: 2 ** 31 }).map((n) => addressOf(`account ${n}`));

export const anyBytes32 = (): fc.Arbitrary<Bytes32> => fc.bigInt({ min: 0n, max: MAX_UINT256 }).map(tagFromBits);

/** nRLC of everyday size, zero included. */
export const anyAmount = (): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: 10n ** 13n });

/** Any uint256, with its edges more often than chance would. */
export const anyUint256 = (): fc.Arbitrary<bigint> =>
  fc.oneof(fc.bigInt({ min: 0n, max: MAX_UINT256 }), fc.constantFrom(0n, 1n, 2n ** 53n - 1n, 2n ** 53n, MAX_UINT256));

export const anyVolume = (): fc.Arbitrary<bigint> => fc.bigInt({ min: 1n, max: 1000n });

/** Bits 1 to 16: everything but the enclave bit. */
export const anyPlainTag = (): fc.Arbitrary<Bytes32> => fc.bigInt({ min: 0n, max: 0xffffn }).map((bits) => tagFromBits(bits << 1n));

const GROUP = addressOf('group of everyone');
export const STRANGER = addressOf('stranger');

/** A restriction that admits the candidate: none, itself, or a group it is in. */
export const anyRestriction = (candidate: Address): fc.Arbitrary<Address> => fc.constantFrom(ZERO_ADDRESS, candidate, GROUP);

/** Knows `GROUP`, which admits everyone. */
export const groupOfEveryone = (restriction: Address): boolean => restriction === GROUP;
