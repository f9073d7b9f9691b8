import { createHash } from 'node:crypto';
import type { Bytes32, Hex } from '@gleaner/primitives';
import { hexToBytes } from 'viem';
import { lengthPrefixed } from './lengthPrefixed.ts';

const DOMAIN = 'gleaner/measurement/1';

export interface Measured {
  /** SHA-256 over the enclave's code, as it was loaded. */
  readonly code: Bytes32;
  /** SHA-256 of the program, as the app is registered. The manifest travels inside the program, so it is covered. */
  readonly program: Hex;
  /** Content id of the program. */
  readonly contentId: string;
}

/** What runs in an enclave: its own code and the program. Whoever knows both computes the same 32 bytes. */
export function measurementOf({ code, program, contentId }: Measured): Bytes32 {
  const bytes = lengthPrefixed([DOMAIN, hexToBytes(code), hexToBytes(program), contentId]);
  return `0x${createHash('sha256').update(bytes).digest('hex')}` as Bytes32;
}
