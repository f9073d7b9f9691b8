export interface Measurement {
  /** Lines for people. */
  readonly lines: readonly string[];
  /** JSON-safe figures, units in the names. */
  readonly figures: Readonly<Record<string, unknown>>;
}
