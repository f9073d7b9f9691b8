import type { Details } from '@gleaner/primitives';
import { EMPTY_REVERT, panicRevert, type Revert, stringRevert } from '../revert.ts';

/** Codes of the hub's refusals, in the order in which it checks them. */
export const MATCH_CODES = [
  '0x00',
  '0x01',
  '0x02',
  '0x03',
  '0x04',
  '0x05',
  '0x06',
  '0x07',
  '0x10',
  '0x11',
  '0x12',
  '0x13',
  '0x14',
  '0x15',
  '0x16',
  '0x17',
  '0x18',
  '0x19',
  '0x1a',
  '0x1b',
  '0x20',
  '0x21',
  '0x30',
  '0x31',
  '0x40',
  '0x41',
  '0x50',
  '0x60',
] as const;
export type MatchCode = (typeof MATCH_CODES)[number];

/** Refusals that carry no code on chain: an entry without `owner()`, a signature of impossible length, arithmetic, funds. */
export const MATCH_CONDITIONS = [
  'app-not-deployed',
  'dataset-not-deployed',
  'workerpool-not-deployed',
  'signature-format',
  'amount-overflow',
  'sponsor-missing',
  'sponsor-balance',
  'workerpool-balance',
] as const;
export type MatchCondition = (typeof MATCH_CONDITIONS)[number];

export interface MatchIssue {
  readonly code: MatchCode | MatchCondition;
  /** What was wrong, with the values; one sentence. */
  readonly message: string;
  readonly values: Details;
  /** What the hub answers when this is the first issue. */
  readonly revert: Revert;
}

const MATCH_REVERT_PREFIX = 'iExecV5-matchOrders-';
const BALANCE_REVERT = stringRevert('IexecEscrow: Transfer amount exceeds balance');

const CONDITION_REVERTS: Readonly<Record<MatchCondition, Revert>> = {
  'app-not-deployed': EMPTY_REVERT,
  'dataset-not-deployed': EMPTY_REVERT,
  'workerpool-not-deployed': EMPTY_REVERT,
  'signature-format': stringRevert('invalid-signature-format'),
  'amount-overflow': panicRevert(0x11),
  'sponsor-missing': stringRevert('IexecEscrow: Transfer from empty address'),
  'sponsor-balance': BALANCE_REVERT,
  'workerpool-balance': BALANCE_REVERT,
};

const isCondition = (code: MatchCode | MatchCondition): code is MatchCondition => Object.hasOwn(CONDITION_REVERTS, code);

export function matchIssue(code: MatchCode | MatchCondition, message: string, values: Details = {}): MatchIssue {
  const revert = isCondition(code) ? CONDITION_REVERTS[code] : stringRevert(`${MATCH_REVERT_PREFIX}${code}`);
  return { code, message, values, revert };
}
