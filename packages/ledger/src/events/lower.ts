import type { Hex } from '@gleaner/primitives';

/** Hex as rows hold it. */
export const lower = <T extends Hex>(hex: T): T => hex.toLowerCase() as T;
