import { larger, percentDown, smaller } from '../uint256.ts';
import { KITTY_MIN, KITTY_RATIO } from './constants.ts';

/** nRLC of the kitty that the scheduler of a finished task receives: a tenth, at least 1 RLC, at most all of it. */
export function kittyShare(kitty: bigint): bigint {
  return smaller(larger(percentDown(kitty, KITTY_RATIO), KITTY_MIN), kitty);
}
