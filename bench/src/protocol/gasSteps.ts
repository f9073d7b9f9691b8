/**
 * Gas of the assured regime's steps, added up from what each step touches, before the contracts exist.
 * Prices: Prague fork (EIP-2028, 2929, 2930, 3529, 1108). The execution share is what a measured prototype needed beyond its floor.
 */
const PRICE = {
  transaction: 21_000,
  nonZeroByte: 16,
  zeroByte: 4,
  newSlot: 22_100,
  changedSlot: 5_000,
  readSlot: 2_100,
  coldAccount: 2_600,
  signature: 3_700,
  topic: 375,
  logByte: 8,
  clearedRefund: 4_800,
  twoPairings: 113_000,
} as const;

/** Memory, hashing, decoding and arithmetic, as a share of everything else: 117 k against a floor of 99 k for a match. */
const EXECUTION_SHARE = 0.2;
/** Refunds are at most this share of the gas used (EIP-3529). */
const REFUND_SHARE = 0.2;
/** Look-up of the facet and the call into it. */
const DISPATCH = PRICE.coldAccount + PRICE.readSlot + 300;

export interface Touches {
  /** Calldata: bytes that are not zero, and zeros. */
  readonly nonZero: number;
  readonly zero: number;
  readonly newSlots?: number;
  readonly changedSlots?: number;
  readonly reads?: number;
  readonly calls?: number;
  readonly signatures?: number;
  readonly topics?: number;
  readonly logBytes?: number;
  readonly cleared?: number;
  readonly pairings?: boolean;
}

/** Gas of one transaction. */
export function gasOf(touches: Touches): number {
  const {
    nonZero,
    zero,
    newSlots = 0,
    changedSlots = 0,
    reads = 0,
    calls = 0,
    signatures = 0,
    topics = 0,
    logBytes = 0,
    cleared = 0,
  } = touches;
  const storage = newSlots * PRICE.newSlot + (changedSlots + cleared) * PRICE.changedSlot + reads * PRICE.readSlot;
  const log = topics * PRICE.topic + logBytes * PRICE.logByte;
  const work = storage + log + calls * (PRICE.coldAccount + PRICE.readSlot) + signatures * PRICE.signature + DISPATCH;
  const calldata = nonZero * PRICE.nonZeroByte + zero * PRICE.zeroByte;
  const pairing = touches.pairings === true ? PRICE.twoPairings : 0;
  const used = PRICE.transaction + calldata + pairing + work * (1 + EXECUTION_SHARE);
  return Math.round(used - Math.min(cleared * PRICE.clearedRefund, used * REFUND_SHARE));
}

/** Terms of a deal as calldata: 28 words (docs/protocol.md, section 3), most of them short. */
const TERMS = { nonZero: 380, zero: 516 };
/** RLP of a block header, for a seed that nobody has recorded. */
const HEADER = { nonZero: 560, zero: 90 };
const TREE_LEVELS = 5;
/** A level of a draw: the word named, and the length or the next word of its list. */
const DRAW_READS = 2 * TREE_LEVELS;
/** Batches of one `release`. */
const RELEASE_LIST = 10;

const withTerms = (nonZero: number, zero: number): Pick<Touches, 'nonZero' | 'zero'> => ({
  nonZero: TERMS.nonZero + nonZero,
  zero: TERMS.zero + zero,
});

export const STEPS = {
  /** Orders as PoCo's (2 116 bytes, 1 609 of them zero). New: deal, request's volume. Changed: app's and pool's volume, sponsor's balance and lock, class. */
  match: (): Touches => ({
    nonZero: 507,
    zero: 1_609,
    newSlots: 2,
    changedSlots: 5,
    reads: 6,
    calls: 3,
    signatures: 3,
    topics: 4,
    logBytes: 900,
  }),
  /** New: the seat, and the batch with the first one. Changed: batch, operator, carrier's balance. Read: deal, signer, draw, operators seated before. */
  commit: (seat: number): Touches => ({
    ...withTerms(HEADER.nonZero + 65 + 28 + 60, HEADER.zero + 160),
    newSlots: seat === 1 ? 2 : 1,
    changedSlots: seat === 1 ? 2 : 3,
    reads: 2 + DRAW_READS + (seat - 1),
    signatures: 1,
    topics: 3,
    logBytes: 96,
  }),
  /** Every seat is read and cleared, every operator changes; batch, sponsor, class and carrier change; the record is new. */
  open: (seats: number): Touches => ({
    ...withTerms(32 * (2 + seats) + 36, 120),
    newSlots: 1,
    changedSlots: seats + 4,
    cleared: seats,
    reads: 1,
    topics: 3,
    logBytes: 192 + 64 * seats,
  }),
  /** Per batch: the record goes, the batch changes; operators, their owners, pool, app, fund and carrier are paid. */
  release: (seats: number, batches = 1): Touches => ({
    nonZero: (TERMS.nonZero + 64 + 40 * seats) * batches,
    zero: (TERMS.zero + 120 + 24 * seats) * batches,
    changedSlots: batches + seats * batches + 4,
    cleared: batches,
    reads: batches + 2 * seats * batches,
    topics: 2 * batches,
    logBytes: 64 * batches,
  }),
  deliver: (): Touches => ({ ...withTerms(32 * 10, 100), newSlots: 1, reads: 2, topics: 2, logBytes: 64 }),
  reportPassed: (): Touches => ({
    ...withTerms(HEADER.nonZero + 40, HEADER.zero + 90),
    changedSlots: 3,
    reads: 2 + DRAW_READS,
    topics: 2,
    logBytes: 64,
  }),
  recordSeed: (): Touches => ({ ...HEADER, newSlots: 1, changedSlots: 1, topics: 1, logBytes: 32 }),
  recordDrandSeed: (): Touches => ({ nonZero: 72, zero: 60, newSlots: 1, changedSlots: 1, topics: 1, logBytes: 32, pairings: true }),
  replaceUnready: (seats: number): Touches => ({
    ...withTerms(66 * seats, 90),
    changedSlots: 3,
    reads: 1 + 2 * seats,
    signatures: seats,
    topics: 2,
    logBytes: 64,
  }),
  closeLate: (): Touches => ({ ...withTerms(10, 60), changedSlots: 4, reads: 1, topics: 2, logBytes: 32 }),
  claimDispute: (): Touches => ({ ...withTerms(64, 60), newSlots: 1, changedSlots: 3, reads: 1, topics: 2, logBytes: 64 }),
  vote: (): Touches => ({
    nonZero: 65 + 28 + 100 + HEADER.nonZero,
    zero: 160,
    newSlots: 1,
    changedSlots: 3,
    reads: 2 + DRAW_READS,
    signatures: 1,
    topics: 3,
    logBytes: 96,
  }),
  openVote: (): Touches => ({ nonZero: 140, zero: 60, changedSlots: 3, cleared: 1, reads: 2, topics: 2, logBytes: 64 }),
  judgeAgain: (seats: number): Touches => ({
    ...withTerms(64 + 40 * seats, 120),
    changedSlots: 4,
    reads: 1 + seats,
    topics: 2,
    logBytes: 64,
  }),
  /** Owner, signer, operator, index; a new word and a longer list on each level; class. */
  enrol: (): Touches => ({
    nonZero: 65 + 90,
    zero: 120,
    newSlots: 4 + TREE_LEVELS,
    changedSlots: 1 + TREE_LEVELS,
    signatures: 1,
    topics: 3,
    logBytes: 192,
  }),
  changeWeight: (): Touches => ({
    nonZero: 65 + 60,
    zero: 90,
    newSlots: TREE_LEVELS,
    changedSlots: 2 + TREE_LEVELS,
    signatures: 1,
    topics: 3,
    logBytes: 192,
  }),
} as const;

/** Gas of a whole batch: the match left out, seeds in the commitments, released in lists. */
function batchGas(seats: number): number {
  let gas = gasOf(STEPS.open(seats)) + gasOf(STEPS.release(seats, RELEASE_LIST)) / RELEASE_LIST;
  for (let seat = 1; seat <= seats; seat += 1) gas += gasOf(STEPS.commit(seat));
  return gas;
}

/** The same where every draw needs a drand seed of its own: the worst case, seeds of one round are shared. */
export const batchGasWithDrand = (seats: number): number => batchGas(seats) + seats * (gasOf(STEPS.recordDrandSeed()) - headerGas());

/** What a header in calldata costs. */
const headerGas = (): number => HEADER.nonZero * PRICE.nonZeroByte + HEADER.zero * PRICE.zeroByte;

export const dealGas = (seats: number, batches = 1): number => gasOf(STEPS.match()) + batches * batchGas(seats);
