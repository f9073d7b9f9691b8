export interface Category {
  readonly name: string;
  readonly description: string;
  /** T in seconds: contributions end after 7·T, everything ends after 10·T. */
  readonly workClockTimeRef: bigint;
}

/** The deployed set; the index is the category id. The description is JSON text, quotes included. */
export const STANDARD_CATEGORIES: readonly Category[] = [
  { name: 'XS', description: '""', workClockTimeRef: 300n },
  { name: 'S', description: '""', workClockTimeRef: 1_200n },
  { name: 'M', description: '""', workClockTimeRef: 3_600n },
  { name: 'L', description: '""', workClockTimeRef: 10_800n },
  { name: 'XL', description: '""', workClockTimeRef: 36_000n },
];
