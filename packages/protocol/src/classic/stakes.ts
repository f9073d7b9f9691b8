import { percentDown } from '../uint256.ts';
import { WORKERPOOL_STAKE_RATIO } from './constants.ts';

/** nRLC that the pool owner locks for one task: 30 % of the pool's price, rounded down. */
export const poolStake = (price: bigint): bigint => percentDown(price, WORKERPOOL_STAKE_RATIO);

/**
 * nRLC that each worker locks for one task, rounded down.
 * @param ratio percent from the pool's policy when the deal is made; the contract sets no upper limit
 * @throws {SolidityPanic} 0x11 when price · ratio exceeds 2^256 − 1
 */
export const workerStake = (price: bigint, ratio: bigint): bigint => percentDown(price, ratio);
