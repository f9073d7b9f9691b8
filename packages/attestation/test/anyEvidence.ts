import type { Address, Bytes32, DealId, Hex, TaskId } from '@gleaner/primitives';
import fc from 'fast-check';
import { getAddress } from 'viem';
import { publicKeyToAddress } from 'viem/utils';
import type { ReportSubject } from '../src/index.ts';

export const NOW = 1_800_000_000;

const hexOf = (count: number) =>
  fc.uint8Array({ minLength: count, maxLength: count }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}` as Hex);
const address = hexOf(20).map((value) => getAddress(value) as Address);

/** What some evidence speaks of. */
export const anySubject: fc.Arbitrary<ReportSubject> = fc.record({
  chainId: fc.integer({ min: 1_337_001, max: 1_346_999 }),
  hubAddress: address,
  dealId: hexOf(32) as fc.Arbitrary<DealId>,
  taskId: hexOf(32) as fc.Arbitrary<TaskId>,
  worker: address,
  nonce: hexOf(32) as fc.Arbitrary<Bytes32>,
  signingKey: hexOf(64).map((key) => `0x04${key.slice(2)}` as Hex),
  sealingKey: hexOf(32),
  measurement: hexOf(32) as fc.Arbitrary<Bytes32>,
});

export const enclaveOf = ({ signingKey }: ReportSubject): Address => publicKeyToAddress(signingKey);

/** The same subject with another value in one field, and the name of that field. */
export const anyOtherField = (subject: ReportSubject) =>
  fc
    .tuple(fc.constantFrom(...(Object.keys(subject) as (keyof ReportSubject)[])), anySubject)
    .filter(([field, other]) => other[field] !== subject[field])
    .map(([field, other]) => ({ field, subject: { ...subject, [field]: other[field] } as ReportSubject }));
