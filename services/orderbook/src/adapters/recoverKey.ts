import { Worker } from 'node:worker_threads';
import { GleanerError } from '@gleaner/primitives';
import { batched } from './batched.ts';
import { type PublicKey, packRequests, type RecoveryRequest, unpackKeys } from './recoveryMessages.ts';

/**
 * Public key of 65 bytes that made a signature on secp256k1; `undefined` when none did. In WebAssembly, a tenth of the time that JavaScript takes
 * (docs/results), on a thread of its own: what takes a third of a millisecond each would hold up everybody else.
 */
export const recoverKey = batched((requests: readonly RecoveryRequest[]) => {
  thread ??= startThread();
  return thread.recover(requests);
});

function startThread(): RecoveryThread {
  const started = new RecoveryThread(() => {
    // its end is heard twice, and another may have taken its place between
    if (thread === started) thread = undefined;
  });
  return started;
}

/** Started when the first signature comes. */
let thread: RecoveryThread | undefined;

/** Answers in the order asked; keeps the process alive only while somebody waits. */
class RecoveryThread {
  readonly #worker = new Worker(new URL('./recoverKeysWorker.ts', import.meta.url));
  readonly #waiting: PromiseWithResolvers<PublicKey[]>[] = [];

  constructor(onEnd: () => void) {
    this.#worker.on('message', (keys: Uint8Array) => {
      this.#waiting.shift()?.resolve(unpackKeys(keys));
      if (this.#waiting.length === 0) this.#worker.unref();
    });
    const fail = (cause?: Error): void => {
      onEnd();
      const error = new GleanerError('internal-error', 'The thread that recovers signers ended', { cause });
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    };
    this.#worker.once('error', fail);
    this.#worker.once('exit', () => fail());
  }

  recover(requests: readonly RecoveryRequest[]): Promise<PublicKey[]> {
    const asked = Promise.withResolvers<PublicKey[]>();
    this.#waiting.push(asked);
    this.#worker.ref();
    const packed = packRequests(requests);
    this.#worker.postMessage(packed, [packed.buffer]);
    return asked.promise;
  }
}
