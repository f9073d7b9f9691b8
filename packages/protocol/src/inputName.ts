import { sha256, stringToHex } from 'viem';

/** Name in /iexec_in of an input file of a request: 0x and the SHA-256 of its location, as PoCo workers name it. */
export function inputName(location: string): string {
  return sha256(stringToHex(location));
}
