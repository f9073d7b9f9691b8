/** The words «expand 32-byte k», little endian. */
const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
const BLOCK_BYTES = 64;

/**
 * The randomness a program sees: the ChaCha20 key stream with the run's 32-byte seed as key, a zero nonce and a 32-bit counter from 0.
 * Calls take consecutive bytes of the stream. Not secret: everyone who knows the task knows the seed. Source: RFC 8439.
 */
export class RandomStream {
  readonly #state: Uint32Array;
  readonly #block = new Uint8Array(BLOCK_BYTES);
  #used = BLOCK_BYTES;

  /** @param seed 32 bytes */
  constructor(seed: Uint8Array) {
    const view = new DataView(seed.buffer, seed.byteOffset, 32);
    const key = Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i, true));
    this.#state = Uint32Array.from([...CONSTANTS, ...key, 0, 0, 0, 0]);
  }

  fill(target: Uint8Array): void {
    for (let at = 0; at < target.length; ) {
      if (this.#used === BLOCK_BYTES) this.#nextBlock();
      const count = Math.min(BLOCK_BYTES - this.#used, target.length - at);
      target.set(this.#block.subarray(this.#used, this.#used + count), at);
      this.#used += count;
      at += count;
    }
  }

  #nextBlock(): void {
    const words = this.#state.slice();
    for (let round = 0; round < 10; round++) doubleRound(words);
    const view = new DataView(this.#block.buffer);
    words.forEach((word, i) => {
      view.setUint32(4 * i, word + (this.#state[i] as number), true);
    });
    this.#state[12] = (this.#state[12] as number) + 1;
    this.#used = 0;
  }
}

function doubleRound(words: Uint32Array): void {
  for (let i = 0; i < 4; i++) quarterRound(words, i, i + 4, i + 8, i + 12);
  for (let i = 0; i < 4; i++) quarterRound(words, i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4));
}

function quarterRound(words: Uint32Array, a: number, b: number, c: number, d: number): void {
  step(words, a, b, d, 16);
  step(words, c, d, b, 12);
  step(words, a, b, d, 8);
  step(words, c, d, b, 7);
}

/** a += b; d = (d ^ a) <<< bits */
function step(words: Uint32Array, a: number, b: number, d: number, bits: number): void {
  words[a] = (words[a] as number) + (words[b] as number);
  const mixed = (words[d] as number) ^ (words[a] as number);
  words[d] = (mixed << bits) | (mixed >>> (32 - bits));
}
