/** Score after a proved contribution to a task that several workers did. */
export const scoreAfterSuccess = (score: bigint): bigint => score + 1n;

/** Score after a contribution that was wrong, silent or rejected: two thirds, rounded down. */
export const scoreAfterFault = (score: bigint): bigint => (score * 2n) / 3n;
