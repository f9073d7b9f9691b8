import type { Bytes32, Hex } from '@gleaner/primitives';
import { keccak256, stringToHex, toHex } from 'viem';

/** Prices of one task in nRLC: every way of rewarding runs. */
export const PRICES = { app: 1_000_000n, dataset: 500_000n, workerpool: 100_000_000n } as const;
/** 68 bytes, as params of a request usually are. */
export const PARAMS = '{"iexec_args":"--frames 1-10 --size 1920x1080","iexec_secrets":null}';
/** 84 bytes: the usual result link. */
export const RESULTS: Hex = stringToHex('{"storage":"ipfs","location":"/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnuA9z"}');
/** 32 bytes for the callback; a task with a callback has their hash as its digest. */
export const CALLBACK_DATA: Hex = toHex(20_261_126, { size: 32 });
export const DIGEST: Bytes32 = keccak256(CALLBACK_DATA) as Bytes32;
export const OTHER_DIGEST: Bytes32 = keccak256(stringToHex('another answer')) as Bytes32;
/** A result of one word. */
export const SHORT_RESULTS: Hex = toHex(42_000, { size: 32 });
/** Seconds of both categories; a task lasts ten of them. */
export const TIMEREF = 300n;
/** The second one, so that its id takes a place of its own in the storage of a deal. */
export const CATEGORY = 1n;
