/** Codes of what can be wrong with a receipt; a code never changes its meaning. Source: docs/receipt.md, sections 3 to 6. */
export const FORM_CODES = [
  'too-large',
  'not-json',
  'unknown-version',
  'bad-member',
  'not-canonical',
  'integrity',
  'bad-position',
  'bad-encoding',
] as const;

export const RULE_CODES = [
  'transaction-status',
  'transaction-chain',
  'transaction-unrelated',
  'match-missing',
  'order-hashes',
  'deal-id',
  'task-id',
  'task-index',
  'deal-volume',
  'orders-match',
  'start-time',
  'deal-owners',
  'match-payments',
  'match-sponsor',
  'match-call',
  'call-mismatch',
  'out-of-order',
  'contribution-late',
  'contribution-twice',
  'contribution-stake',
  'contribution-call',
  'sole-worker',
  'scores',
  'consensus',
  'reveal-late',
  'reveal-worker',
  'reveal-digest',
  'reveal-call',
  'reopen-time',
  'reopen-revealed',
  'finalize-time',
  'finalize-callback',
  'claim-time',
  'settlement',
  'settlement-extra',
  'payout-sum',
  'ending-missing',
  'outcome',
  'result',
  'stated-mismatch',
] as const;

export const SIGNATURE_CODES = [
  'order-signature',
  'transaction-signature',
  'transaction-sender',
  'authorization',
  'enclave-signature',
] as const;

export const INCLUSION_CODES = [
  'header-order',
  'header-link',
  'header-gap',
  'header-unused',
  'transaction-proof',
  'receipt-proof',
  'anchor-unknown',
  'anchor-mismatch',
  'hub-unknown',
] as const;

export type FormCode = (typeof FORM_CODES)[number];
export type RuleCode = (typeof RULE_CODES)[number];
export type SignatureCode = (typeof SIGNATURE_CODES)[number];
export type InclusionCode = (typeof INCLUSION_CODES)[number];
