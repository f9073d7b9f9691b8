import type { Address } from '@gleaner/primitives';
import type { TestMarket } from './testMarket.ts';

/** Code of a wallet whose every function answers so, `isValidSignature(bytes32,bytes)` of ERC-1271 too. */
const CODE = {
  /** Gives the magic value for whatever it is asked. */
  agrees: '0x631626ba7e60e01b5f5260205ff3',
  /** 32 bytes of zero. */
  refuses: '0x60205ff3',
  reverts: '0x5f5ffd',
  /** No bytes at all, which is no bytes4. */
  answersNothing: '0x00',
  /** A loop without end. */
  burnsGas: '0x5b5f56',
} as const;

export type Mind = keyof typeof CODE;

/** Puts the code of a wallet at an address, or another one in its place, by no transaction. */
export async function becomesFickle({ testChain }: TestMarket, wallet: Address, mind: Mind): Promise<void> {
  await testChain.admin('anvil_setCode', [wallet, CODE[mind]]);
}
