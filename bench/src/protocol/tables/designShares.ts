import { HOSTILE_SHARE_NAMES, HOSTILE_SHARES, type HostileShare } from '@gleaner/protocol';

/** A share f̂ as a number, and as the tables name it. */
export interface DesignShare {
  readonly share: HostileShare;
  readonly f: number;
  readonly name: string;
}

export const DESIGN_SHARES: readonly DesignShare[] = HOSTILE_SHARE_NAMES.map((share) => {
  const { hostile, of } = HOSTILE_SHARES[share];
  return { share, f: Number(hostile) / Number(of), name: `${hostile}/${of}` };
});
