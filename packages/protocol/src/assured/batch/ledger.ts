import { invariant } from '@gleaner/primitives';
import { smaller } from '../../uint256.ts';

/**
 * Where money can be: `lock` (pay of seats), `app price`, `dataset price` and `fees` of the batch, `sponsor` (what has returned),
 * `bond:<operator>`, `vault:<round>:<seat>`, `vault:app` and `vault:dataset` (pay that vests), `operator:<operator>` (free),
 * `forfeited` (waiting to be divided), `rerun` (reserved for later rounds), `penalties`, `disputeBond`, `disputer:<name>`,
 * `carrier:<name>`, `app`, `dataset`, `scheduler`, `fund` of the class, `elsewhere` (other batches) and `burned`.
 */
export type Pot = string;

export type Ledger = ReadonlyMap<Pot, bigint>;

export function balance(ledger: Ledger, pot: Pot): bigint {
  return ledger.get(pot) ?? 0n;
}

/** Everything there is; no transition changes it. */
export function held(ledger: Ledger): bigint {
  return [...ledger.values()].reduce((sum, amount) => sum + amount, 0n);
}

/** The only way money moves. @throws {GleanerError} invariant-broken where the source has less */
export function move(ledger: Ledger, from: Pot, to: Pot, amount: bigint): Ledger {
  invariant(amount >= 0n && amount <= balance(ledger, from), 'A pot pays no more than it holds', {
    from,
    to,
    amount,
    held: balance(ledger, from),
  });
  if (amount === 0n || from === to) return ledger;
  return new Map(ledger).set(from, balance(ledger, from) - amount).set(to, balance(ledger, to) + amount);
}

/** As much of the amount as there is. */
export function moveUpTo(ledger: Ledger, from: Pot, to: Pot, amount: bigint): Ledger {
  return move(ledger, from, to, smaller(amount, balance(ledger, from)));
}

export function moveAll(ledger: Ledger, from: Pot, to: Pot): Ledger {
  return move(ledger, from, to, balance(ledger, from));
}
