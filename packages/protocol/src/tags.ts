import { type Bytes32, GleanerError, show } from '@gleaner/primitives';

/** Bit numbers of a tag; bit 0 is the lowest bit of byte 31. Only `tee` has a meaning on chain. */
export const TAG = { tee: 0n, scone: 1n, gramine: 2n, tdx: 3n, gpu: 8n } as const;
export type TagName = keyof typeof TAG;

/** Bits 1 to 3: which enclave framework. They are left out of a dataset's tag when orders are matched. */
const TEE_FRAMEWORK_MASK = 0x0en;
const TEE_BIT = 1n;

const toBits = (tag: Bytes32): bigint => BigInt(tag);
export const tagFromBits = (bits: bigint): Bytes32 => `0x${bits.toString(16).padStart(64, '0')}` as Bytes32;

/** Tag with the named bits set; none gives the zero tag. */
export function formatTag(names: readonly TagName[]): Bytes32 {
  return tagFromBits(names.reduce((bits, name) => bits | (1n << TAG[name]), 0n));
}

/** Names of the known bits, and the numbers of the others, ascending. */
export function parseTag(tag: Bytes32): { names: TagName[]; unknownBits: number[] } {
  const bits = toBits(tag);
  const known = Object.entries(TAG) as [TagName, bigint][];
  const names = known.filter(([, bit]) => (bits >> bit) & 1n).map(([name]) => name);
  const unknownBits = Array.from({ length: 256 }, (_, bit) => bit).filter(
    (bit) => (bits >> BigInt(bit)) & 1n && !known.some(([, knownBit]) => knownBit === BigInt(bit)),
  );
  return { names, unknownBits };
}

/** Whether every bit of `demand` is in `offer`. */
export function tagIncludes(offer: Bytes32, demand: Bytes32): boolean {
  return (toBits(demand) & ~toBits(offer)) === 0n;
}

/** Bits of `demand` that `offer` lacks. */
export function missingTagBits(offer: Bytes32, demand: Bytes32): Bytes32 {
  return tagFromBits(toBits(demand) & ~toBits(offer));
}

export function isTeeTag(tag: Bytes32): boolean {
  return (toBits(tag) & TEE_BIT) !== 0n;
}

/** Tag of a deal: app | (dataset without framework bits) | request. */
export function dealTag(tags: { app: Bytes32; dataset: Bytes32; request: Bytes32 }): Bytes32 {
  return tagFromBits(toBits(tags.app) | (toBits(tags.dataset) & ~TEE_FRAMEWORK_MASK) | toBits(tags.request));
}

/** @throws {GleanerError} order-invalid for a name that is not in `TAG` */
export function tagOfNames(names: readonly string[]): Bytes32 {
  const unknown = names.find((name) => !Object.hasOwn(TAG, name));
  if (unknown === undefined) return formatTag(names as TagName[]);
  throw new GleanerError('order-invalid', `Unknown tag ${show(unknown)}; known are ${Object.keys(TAG).join(', ')}`, {
    details: { tag: unknown },
  });
}
