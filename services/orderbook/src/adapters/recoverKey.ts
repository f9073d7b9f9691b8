import { Worker } from 'node:worker_threads';
import { GleanerError } from '@gleaner/primitives';
import { batched } from './batched.ts';

export interface RecoveryRequest {
  /** 32 bytes that were signed. */
  readonly hash: Uint8Array;
  /** r and s, 64 bytes. */
  readonly signature: Uint8Array;
  /** Which of the two points with that r. */
  readonly parity: 0 | 1;
}

type PublicKey = Uint8Array | undefined;

/**
 * Public key of 65 bytes that made a signature on secp256k1; `undefined` when none did. In WebAssembly, a tenth of the time that JavaScript takes
 * (docs/results), on a thread of its own: what takes a third of a millisecond each would hold up everybody else.
 */
export const recoverKey = batched((requests: readonly RecoveryRequest[]) => {
  thread ??= new RecoveryThread(() => {
    thread = undefined;
  });
  return thread.recover(requests);
});

/** Started when the first signature comes. */
let thread: RecoveryThread | undefined;

/** Answers in the order asked; keeps the process alive only while somebody waits. */
class RecoveryThread {
  readonly #worker = new Worker(new URL('./recoverKeysWorker.ts', import.meta.url));
  readonly #waiting: PromiseWithResolvers<PublicKey[]>[] = [];

  constructor(onEnd: () => void) {
    this.#worker.on('message', (keys: PublicKey[]) => {
      this.#waiting.shift()?.resolve(keys);
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
    this.#worker.postMessage(requests);
    return asked.promise;
  }
}
