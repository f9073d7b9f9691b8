declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

export type Hex = `0x${string}`;
/** 20-byte account or contract address, EIP-55 checksummed. */
export type Address = Hex;
/** 32 bytes as lower-case hex. */
export type Bytes32 = Brand<Hex, 'Bytes32'>;
export type OrderHash = Brand<Hex, 'OrderHash'>;
export type DealId = Brand<Hex, 'DealId'>;
export type TaskId = Brand<Hex, 'TaskId'>;
/** Content id, CIDv0 (`Qm…`) or CIDv1 in base32. */
export type Cid = Brand<string, 'Cid'>;
/** Seconds since 1970-01-01 UTC, as block timestamps count them. */
export type UnixSeconds = Brand<bigint, 'UnixSeconds'>;
/** 10^-9 RLC. */
export type NanoRlc = bigint;

export const ZERO_ADDRESS: Address = '0x0000000000000000000000000000000000000000';
export const ZERO_BYTES32 = `0x${'0'.repeat(64)}` as Bytes32;
