import type { Address, Hex } from '@gleaner/primitives';
import { concat, getContractAddress } from 'viem';
import type { Call } from '../sender/call.ts';

/** Deterministic deployment proxy, at this address on nearly every chain: 32-byte salt ‖ creation code → CREATE2. */
export const CREATE2_FACTORY: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C';

export function create2Address(salt: Hex, creationCode: Hex): Address {
  return getContractAddress({ opcode: 'CREATE2', from: CREATE2_FACTORY, salt, bytecode: creationCode });
}

export function create2Call(name: string, salt: Hex, creationCode: Hex): Call {
  return { to: CREATE2_FACTORY, data: concat([salt, creationCode]), name: `create ${name}` };
}
