import type { Hex } from '@gleaner/primitives';

/**
 * Creation code of a hand-assembled contract: without call data it adds 1 to storage slot 0, with call data it reverts with that data.
 * Runtime: CALLDATASIZE JUMPI(0x0e) · SSTORE(0, SLOAD(0)+1) STOP · JUMPDEST CALLDATACOPY REVERT
 */
export const ECHO_CONTRACT: Hex = '0x6019600c60003960196000f336600e57600054600101600055005b366000600037366000fd';
