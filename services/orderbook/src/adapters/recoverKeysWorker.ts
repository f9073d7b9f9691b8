/** The thread of `recoverKey`. */
import { parentPort } from 'node:worker_threads';
import { invariant } from '@gleaner/primitives';
import { recover } from 'tiny-secp256k1';
import type { RecoveryRequest } from './recoverKey.ts';

const port = parentPort;
invariant(port, 'This is the code of a thread');
port.on('message', (requests: readonly RecoveryRequest[]) => port.postMessage(requests.map(keyOf)));

function keyOf({ hash, signature, parity }: RecoveryRequest): Uint8Array | undefined {
  try {
    return recover(hash, signature, parity, false) ?? undefined;
  } catch {
    // r or s out of range
    return undefined;
  }
}
