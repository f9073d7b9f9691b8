import { hkdfSync } from 'node:crypto';
import { accountFromKey, decodePrivateKey } from '@gleaner/keys';
import type { LocalAccount } from 'viem';

/** Keys of the service, each for one use, all from the 32 bytes of its key file. */
export interface MasterKeys {
  /** AES-256, for secrets at rest. */
  readonly atRest: Uint8Array;
  /** HMAC, for the lines of the log. */
  readonly log: Uint8Array;
  /** HMAC, for the nonces of enclaves. */
  readonly nonces: Uint8Array;
  /** Signs approvals of enclaves. */
  readonly approver: LocalAccount;
}

/** HKDF-SHA256 without salt, one info text for each use. */
export function deriveKeys(master: Uint8Array): MasterKeys {
  const derive = (use: string): Buffer => Buffer.from(hkdfSync('sha256', master, '', `gleaner/secrets/${use}/1`, 32));
  return { atRest: derive('at-rest'), log: derive('log'), nonces: derive('nonces'), approver: approverOf(derive('approver')) };
}

/** Not below the order of the curve once in 2^128 masters: such a master is refused with `key-invalid`. */
function approverOf(bytes: Buffer): LocalAccount {
  return accountFromKey(decodePrivateKey(bytes.toString('hex'), 'The key derived for approvals'));
}
