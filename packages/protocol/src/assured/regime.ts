import { type Bytes32, GleanerError } from '@gleaner/primitives';
import { missingTagBits, tagFromBits } from '../tags.ts';
import { MAX_BATCH_EXPONENT } from './batches.ts';
import { assertAmount } from './checks/assertAmount.ts';
import { assertWord } from './checks/assertBytes.ts';
import { assertWhole } from './checks/assertWhole.ts';
import { shown } from './checks/shown.ts';
import { assertShare, type HostileShare } from './shares.ts';

/** Bits of a tag that speak of the regime: 16 assured, 17 high share, 18 without history, 20–23 and 24–27 two exponents of four bits. */
const ASSURED_BIT = 1n << 16n;
const HIGH_BIT = 1n << 17n;
const NO_HISTORY_BIT = 1n << 18n;
const BATCH_SHIFT = 20n;
const VALUE_SHIFT = 24n;
const FIELD_MASK = 0xfn;
const OPTION_BITS = HIGH_BIT | NO_HISTORY_BIT | (FIELD_MASK << BATCH_SHIFT) | (FIELD_MASK << VALUE_SHIFT);
const MAX_FIELD = 15;

export interface AssuredRegime {
  readonly regime: 'assured';
  readonly share: HostileShare;
  /** Credibility counts as 0: the promise does not depend on anybody's conduct. */
  readonly withoutHistory: boolean;
  /** log2 of the tasks of a batch, 0 … 10. */
  readonly batchExponent: number;
  /** The declared value of a batch is 2^k times the pay of one of its seats; k from 0 to 15. */
  readonly valueExponent: number;
}

export type Regime = { readonly regime: 'classic' } | AssuredRegime;

/** What a pool serves: `high` serves both shares; an exponent serves those whose bits it contains, `any` all of them. */
export interface AssuredOffer {
  readonly share: HostileShare;
  /** Serves requests without history too. */
  readonly withoutHistory: boolean;
  readonly batchExponent: number | 'any';
  readonly valueExponent: number | 'any';
}

export type RegimeFault = 'options-without-assured' | 'batch-too-large' | 'not-offered' | 'offer-is-assured' | 'field-out-of-range';

/**
 * Regime that a request asks for, from its own signed tag alone: an order of the null data set is unsigned, and anybody may put a tag into it.
 * @throws {GleanerError} order-invalid, `details.reason` a `RegimeFault`: options-without-assured, batch-too-large; bad-request for what is no tag
 */
export function readRegime(requestTag: Bytes32): Regime {
  assertWord('request tag', requestTag);
  const bits = BigInt(requestTag);
  if ((bits & ASSURED_BIT) === 0n) {
    if ((bits & OPTION_BITS) === 0n) return { regime: 'classic' };
    throw fault('options-without-assured', `Tag ${requestTag} has options of the assured regime (bits 17, 18, 20–27) without its bit 16`);
  }
  const batchExponent = Number((bits >> BATCH_SHIFT) & FIELD_MASK);
  if (batchExponent > MAX_BATCH_EXPONENT) {
    throw fault('batch-too-large', `Tag ${requestTag} asks for batches of 2^${batchExponent} tasks; at most 2^${MAX_BATCH_EXPONENT}`);
  }
  return {
    regime: 'assured',
    share: (bits & HIGH_BIT) === 0n ? 'standard' : 'high',
    withoutHistory: (bits & NO_HISTORY_BIT) !== 0n,
    batchExponent,
    valueExponent: Number((bits >> VALUE_SHIFT) & FIELD_MASK),
  };
}

/**
 * Regime of a deal between these two orders. Every bit that the request asks for must be in the pool's tag, as for all tags.
 * Bit 16 must be equal: an assured offer is priced per seat, so a request that does not ask for the regime cannot take it.
 * Tags of app and data set say nothing about the regime.
 * @throws {GleanerError} order-invalid, `details.reason` a `RegimeFault`; bad-request for what is no tag
 */
export function matchRegime({ request, workerpool }: { readonly request: Bytes32; readonly workerpool: Bytes32 }): Regime {
  const regime = readRegime(request);
  assertWord('workerpool tag', workerpool);
  if (regime.regime === 'classic') {
    if ((BigInt(workerpool) & ASSURED_BIT) === 0n) return regime;
    throw fault('offer-is-assured', `Workerpool tag ${workerpool} offers the assured regime only; the request ${request} lacks bit 16`);
  }
  const missing = BigInt(missingTagBits(workerpool, request)) & (ASSURED_BIT | OPTION_BITS);
  if (missing === 0n) return regime;
  throw fault('not-offered', `Workerpool tag ${workerpool} lacks bits ${tagFromBits(missing)} of the request`);
}

/** The bits of a request, to be joined with its other tag bits. @throws {GleanerError} order-invalid for an exponent out of range, or an unknown share */
export function encodeRegime(regime: Regime): Bytes32 {
  if (regime.regime === 'classic') return tagFromBits(0n);
  return encodeBits(regime, regime.batchExponent, MAX_BATCH_EXPONENT, regime.valueExponent);
}

/** The bits of a pool's order. @throws {GleanerError} order-invalid for an exponent out of range, or an unknown share */
export function encodeAssuredOffer(offer: AssuredOffer): Bytes32 {
  const field = (value: number | 'any') => (value === 'any' ? MAX_FIELD : value);
  return encodeBits(offer, field(offer.batchExponent), MAX_FIELD, field(offer.valueExponent));
}

/** Declared value g of a batch: what a wrong result may be worth to whoever causes it. @throws {GleanerError} bad-request for a negative pay */
export function declaredValue({ valueExponent }: Pick<AssuredRegime, 'valueExponent'>, payOfSeat: bigint): bigint {
  assertAmount('pay of a seat', payOfSeat);
  assertWhole('valueExponent', valueExponent, 0, MAX_FIELD);
  return payOfSeat << BigInt(valueExponent);
}

type Flags = Pick<AssuredRegime, 'share' | 'withoutHistory'>;

function encodeBits({ share, withoutHistory }: Flags, batch: number, maxBatch: number, value: number): Bytes32 {
  assertShare(share);
  const shifted = (field: number, max: number, shift: bigint): bigint => {
    if (Number.isInteger(field) && field >= 0 && field <= max) return BigInt(field) << shift;
    throw fault('field-out-of-range', `An exponent of the assured regime must be a whole number from 0 to ${max}; got ${shown(field)}`);
  };
  const flags = (share === 'high' ? HIGH_BIT : 0n) | (withoutHistory ? NO_HISTORY_BIT : 0n);
  return tagFromBits(ASSURED_BIT | flags | shifted(batch, maxBatch, BATCH_SHIFT) | shifted(value, MAX_FIELD, VALUE_SHIFT));
}

function fault(reason: RegimeFault, message: string): GleanerError {
  return new GleanerError('order-invalid', message, { details: { reason } });
}
