import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import { nodeAccount } from '@gleaner/testkit/published';
import { keccak256, type LocalAccount, stringToHex } from 'viem';

const at = (index: number): LocalAccount => nodeAccount(index);

/** Everybody with a key. */
export const ACTORS = {
  owner: at(0),
  requester: at(1),
  appOwner: at(2),
  datasetOwner: at(3),
  poolOwner: at(4),
  sponsor: at(5),
  enclave: at(6),
  broker: at(7),
  otherRequester: at(8),
} as const;
export const WORKERS: readonly [LocalAccount, ...LocalAccount[]] = [at(10), at(11), at(12), at(13), at(14)];

const keys = new Map<Address, LocalAccount>([...Object.values(ACTORS), ...WORKERS].map((account) => [account.address, account]));

/** The account that signs for this address; undefined for contracts and strangers. */
export function keyOf(address: Address): LocalAccount | undefined {
  return keys.get(address);
}

/** A contract account that takes this one signature, whatever was signed (`ERC1271Mock` of the package). */
export const WALLET: Address = '0x1271000000000000000000000000000000001271';
export const WALLET_SIGNATURE: Hex = '0xff9e2a6b4198d3d0c6899bfc25f98d2d31182536279fdd763a54510f2a8b120c';

/** A contract at a chosen address, for restrictions and callbacks. */
export interface Helper {
  readonly address: Address;
  readonly code: Hex;
}

/** Contracts of a few instructions. */
export const HELPERS = {
  /** Answers the word 1 to everything. */
  yes: helper('01', '0x60015f5260205ff3'),
  /** Answers the word 0 to everything. */
  no: helper('02', '0x5f5f5260205ff3'),
  /** Answers the word 2, which is no boolean. */
  two: helper('03', '0x60025f5260205ff3'),
  /** Answers nothing. */
  silent: helper('04', '0x00'),
  /** Reverts with the four bytes deadbeef. */
  reverting: helper('05', '0x63deadbeef5f526004601cfd'),
  /** Never ends. */
  endless: helper('06', '0x5b5f56'),
  /** Asks its caller for `resultFor` of the first argument and logs the answer. */
  reader: helper('07', '0x63d09cc57e60e01b5f526020600460043760805f60245f5f335af1503d5f5f3e3d5fa0'),
  /** Claims the first argument at its caller and logs whether that worked. */
  claimer: helper('08', '0x63bd66528a60e01b5f52602060046004375f5f60245f5f335af15f5260205fa0'),
} as const;

function helper(id: string, code: Hex): Helper {
  return { address: `0x${id.repeat(20)}` as Address, code };
}

/** What tasks may find; the first is what the callback data hashes to. */
export const CALLBACK_DATA: Hex = keccak256(stringToHex('answer'));
export const DIGESTS: readonly [Bytes32, ...Bytes32[]] = [
  keccak256(CALLBACK_DATA) as Bytes32,
  keccak256(stringToHex('another answer')) as Bytes32,
  keccak256(stringToHex('a third answer')) as Bytes32,
];
