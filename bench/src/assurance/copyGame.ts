import type { Address, Bytes32, DealId } from '@gleaner/primitives';
import { type BatchId, batchId, type Opening, opens, type SeatKey, sealOf } from '@gleaner/protocol';
import { type Hex, keccak256, numberToHex } from 'viem';
import { Random } from './random.ts';

/**
 * An observer of everything on chain wants a commitment that will be accepted, without having run the task. The result is one bit.
 * It sees all seals before the opening, and the victim's opening once that is sent. Success is a copy: a commitment made before
 * the opening that opens to the honest result because of what was seen.
 */
export interface CopyGame {
  readonly trials: number;
  /** PoCo: results found from the public, unsalted result hash; each can then be sealed under the observer's own name. */
  readonly pocoRead: number;
  readonly pocoMostHashes: number;
  /** Ours: the victim's seal repeated, and opened with the victim's own secrets. */
  readonly copiedSealAccepted: number;
  /** Ours: a seal with a guessed result, opened with the victim's secrets. */
  readonly copiedSecretsAccepted: number;
  /** Ours: results found by trying every result with guessed salts, the trace root taken as known. */
  readonly sealRead: number;
  readonly saltGuessesPerTrial: number;
  /** Probability that one guess of a salt reads a seal. */
  readonly readChancePerGuess: string;
  /** Not copying: a result guessed before anything is known, right in about half of the trials; a wrong guess costs the bond. */
  readonly guessedRight: number;
}

const SALT_GUESSES = 4;

export function playCopyGame(trials: number, seed: number): CopyGame {
  const random = new Random(seed, 4);
  const hashes: number[] = [];
  const count = { copiedSealAccepted: 0, copiedSecretsAccepted: 0, sealRead: 0, guessedRight: 0 };
  for (let trial = 0; trial < trials; trial += 1) {
    const task = randomHex(random, 32);
    const bit = random.below(2);
    const found = readPoco(task, bit);
    if (found !== undefined) hashes.push(found);
    const outcome = attackSeal(batchId(task as Hex as DealId, 0n), bit, random);
    for (const key of Object.keys(count) as (keyof typeof count)[]) if (outcome[key]) count[key] += 1;
  }
  return {
    trials,
    pocoRead: hashes.length,
    pocoMostHashes: hashes.reduce((most, own) => Math.max(most, own), 0),
    ...count,
    saltGuessesPerTrial: SALT_GUESSES,
    readChancePerGuess: '2^-224: a seal has 28 bytes, a salt 32',
  };
}

/** Hashes until the result is known from keccak256(task ‖ digest); undefined when it stays hidden. */
function readPoco(task: Hex, bit: number): number | undefined {
  const seen = keccak256(joined(task, resultOf(bit)));
  const guess = [0, 1].find((candidate) => keccak256(joined(task, resultOf(candidate))) === seen);
  return guess === undefined ? undefined : guess + 1;
}

function attackSeal(
  batch: BatchId,
  bit: number,
  random: Random,
): Record<'copiedSealAccepted' | 'copiedSecretsAccepted' | 'sealRead' | 'guessedRight', boolean> {
  const victim = randomHex(random, 20) as Address;
  const observer = randomHex(random, 20) as Address;
  const victimSeat: SeatKey = { batchId: batch, round: 1, seat: 1 };
  const observerSeat: SeatKey = { batchId: batch, round: 1, seat: 2 };
  const secrets: Opening = { root: resultOf(bit), traceRoot: randomHex(random, 32), salt: randomHex(random, 32) };
  const seal = sealOf(victimSeat, victim, secrets);
  const guess: Opening = { ...secrets, root: resultOf(random.below(2)), salt: randomHex(random, 32) };
  const ownSeal = sealOf(observerSeat, observer, guess);
  return {
    copiedSealAccepted: opens(seal, observerSeat, observer, secrets),
    copiedSecretsAccepted: opens(ownSeal, observerSeat, observer, secrets),
    sealRead: Array.from({ length: SALT_GUESSES }, (_, index): Opening => {
      return { ...secrets, root: resultOf(index % 2), salt: randomHex(random, 32) };
    }).some((opening) => opens(seal, victimSeat, victim, opening)),
    guessedRight: opens(ownSeal, observerSeat, observer, guess) && guess.root === secrets.root,
  };
}

const resultOf = (bit: number): Bytes32 => numberToHex(bit, { size: 32 }) as Bytes32;

const joined = (first: Hex, second: Hex): Hex => `${first}${second.slice(2)}`;

/** At most 32 bytes. */
function randomHex(random: Random, bytes: number): Bytes32 {
  let digits = '';
  while (digits.length < 2 * bytes) digits += random.uint32().toString(16).padStart(8, '0');
  return `0x${digits.slice(0, 2 * bytes)}` as Bytes32;
}
