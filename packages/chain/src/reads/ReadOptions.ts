/** State to read: the head by default. */
export interface ReadOptions {
  readonly block?: bigint;
}

export function blockOf({ block }: ReadOptions = {}): { blockNumber?: bigint } {
  return block === undefined ? {} : { blockNumber: block };
}
