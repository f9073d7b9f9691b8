/** Traps of the standard, named the same for every engine. */
export type TrapKind =
  | 'unreachable'
  | 'memory-out-of-bounds'
  | 'table-out-of-bounds'
  | 'indirect-call'
  | 'divide-by-zero'
  | 'integer-overflow'
  | 'invalid-conversion'
  | 'other';

/** What V8 says, in the versions of Node 20 to 24. The first match counts. */
const PATTERNS: readonly (readonly [RegExp, TrapKind])[] = [
  [/unreachable/i, 'unreachable'],
  [/signature|null function|dereferencing a null/i, 'indirect-call'],
  [/\btable\b|\belem(ent)?\b/i, 'table-out-of-bounds'],
  [/memory access|data segment/i, 'memory-out-of-bounds'],
  [/(divide|remainder) by zero/i, 'divide-by-zero'],
  [/divide result|integer overflow/i, 'integer-overflow'],
  [/float unrepresentable|conversion/i, 'invalid-conversion'],
];

export function trapKind(message: string): TrapKind {
  return PATTERNS.find(([pattern]) => pattern.test(message))?.[1] ?? 'other';
}
