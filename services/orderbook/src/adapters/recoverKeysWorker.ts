/** The thread of `recoverKey`. */
import { parentPort } from 'node:worker_threads';
import { invariant } from '@gleaner/primitives';
import { recover } from 'tiny-secp256k1';
import { type PublicKey, packKeys, type RecoveryRequest, unpackRequests } from './recoveryMessages.ts';

const port = parentPort;
invariant(port, 'This is the code of a thread');
port.on('message', (requests: Uint8Array) => {
  const keys = packKeys(unpackRequests(requests).map(keyOf));
  port.postMessage(keys, [keys.buffer]);
});

function keyOf({ hash, signature, parity }: RecoveryRequest): PublicKey {
  try {
    return recover(hash, signature, parity, false) ?? undefined;
  } catch {
    // r or s out of range
    return undefined;
  }
}
