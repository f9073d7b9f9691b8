import type { Address, Hex } from '@gleaner/primitives';
import { concat, keccak256, numberToHex, size, toFunctionSelector, toHex } from 'viem';

/** Call data that asks the facet how many calls it has passed on. */
export const COUNTED_CALLS: Hex = toFunctionSelector('countedCalls()');

/** Slot of the counter, in a namespace of its own. */
const SLOT = keccak256(toHex('gleaner.test.CountingFacet'));

/**
 * Creation code of a hand-assembled facet, a new version of another one: it counts its calls in the storage of whoever delegates to it,
 * then does what the former facet does. `countedCalls()` answers the count.
 */
export function countingFacet(former: Address): Hex {
  // SELECTOR == countedCalls() → JUMPI(read)
  const isAsked: Hex[] = ['0x5f3560e01c63', COUNTED_CALLS, '0x14'];
  // SSTORE(SLOT, SLOAD(SLOT) + 1)
  const count: Hex[] = ['0x7f', SLOT, '0x546001017f', SLOT, '0x55'];
  // CALLDATACOPY, DELEGATECALL(former), RETURNDATACOPY; leaves the success flag
  const pass: Hex[] = ['0x365f5f375f5f365f73', former, '0x5af43d5f5f3e'];
  const failed: Hex = '0x3d5ffd';
  const succeeded: Hex = '0x5b3d5ff3';
  // JUMPDEST MSTORE(0, SLOAD(SLOT)) RETURN(0, 32)
  const read: Hex[] = ['0x5b7f', SLOT, '0x545f5260205ff3'];
  const jumpIf = (target: number): Hex => concat(['0x60', numberToHex(target, { size: 1 }), '0x57']);
  const JUMP = 3;
  const passEnd = size(concat([...isAsked, ...count, ...pass])) + JUMP;
  const success = passEnd + JUMP + size(failed);
  const runtime = concat([...isAsked, jumpIf(success + size(succeeded)), ...count, ...pass, jumpIf(success), failed, succeeded, ...read]);
  // PUSH2 length DUP1 PUSH1 10 PUSH0 CODECOPY PUSH0 RETURN
  return concat(['0x61', numberToHex(size(runtime), { size: 2 }), '0x80600a5f395ff3', runtime]);
}
