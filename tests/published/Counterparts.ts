import type { Hex } from '@gleaner/primitives';
import type { Both } from './both.ts';

const WORD = 64;

/**
 * Which word of ours stands for which published word: addresses of what each system created, and hashes that an address went into.
 * Both values are computed beforehand by the protocol's own rules, never taken from what a contract answered.
 */
export class Counterparts {
  readonly #words = new Map<string, string>();

  constructor(known: Iterable<readonly [string, string]> = []) {
    for (const [ours, published] of known) this.#words.set(ours, published);
  }

  copy(): Counterparts {
    return new Counterparts(this.#words);
  }

  add([published, ours]: Both<Hex>): void {
    this.#words.set(word(ours), word(published));
  }

  /** What the published system would say where ours says this: words after a selector or none, aligned as the ABI has them. */
  translate(text: Hex): Hex {
    const digits = text.slice(2).toLowerCase();
    const start = digits.length % WORD === 8 ? 8 : 0;
    let translated = digits.slice(0, start);
    for (let at = start; at < digits.length; at += WORD) {
      const piece = digits.slice(at, at + WORD);
      translated += this.#words.get(piece) ?? piece;
    }
    return `0x${translated}`;
  }
}

const word = (value: Hex): string => value.slice(2).toLowerCase().padStart(WORD, '0');
