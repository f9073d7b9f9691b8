import { GleanerError } from '@gleaner/primitives';
import { EMPTY_REVERT, type Revert, stringRevert } from '../../revert.ts';

/** Leaves a call the way a revert does; `applyCall` turns it into a value. */
export class CallRefused extends GleanerError {
  readonly revert: Revert;

  constructor(revert: Revert) {
    super('chain-reverted', 'The hub refuses the call', { details: { kind: revert.kind } });
    this.name = 'CallRefused';
    this.revert = revert;
  }
}

export function refuse(revert: Revert): never {
  throw new CallRefused(revert);
}

/** Solidity's `require`; without a reason the revert data is empty. */
export function demand(condition: boolean, reason?: string): asserts condition {
  if (!condition) refuse(reason === undefined ? EMPTY_REVERT : stringRevert(reason));
}
