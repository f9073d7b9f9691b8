import { type Culprit, type Money, REASONS, type ReasonCode } from './reasons.ts';

/** Values that explain an error; printable, never secret. */
export type Details = Readonly<Record<string, string | number | bigint | boolean | undefined>>;

/** Shape of an error on the wire and under `--json`. */
export interface ErrorBody {
  readonly ok: false;
  /** One sentence for people; also what the stock market client reads. */
  readonly error: string;
  readonly code: ReasonCode;
  readonly culprit: Culprit;
  readonly money: Money;
  readonly retryable: boolean;
  readonly details?: Record<string, string | number | boolean>;
}

/**
 * Base of every expected failure: a reason code plus the values needed to reproduce it.
 * The message says what was wrong, the offending value and what would be right; secrets never enter it.
 */
export class GleanerError extends Error {
  readonly code: ReasonCode;
  readonly details: Details;

  constructor(code: ReasonCode, message: string, options: { details?: Details; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GleanerError';
    this.code = code;
    this.details = options.details ?? {};
  }

  get culprit(): Culprit {
    return REASONS[this.code].culprit;
  }

  get retryable(): boolean {
    return REASONS[this.code].retryable;
  }

  /** Nearest error in the cause chain, this one included, that satisfies the predicate. */
  walk(matches: (error: unknown) => boolean): unknown {
    let current: unknown = this;
    while (current !== undefined && current !== null) {
      if (matches(current)) return current;
      current = current instanceof Error ? current.cause : undefined;
    }
    return undefined;
  }

  /** JSON-safe body; bigints become decimal strings, the cause is left out. */
  toBody(): ErrorBody {
    const { culprit, money, retryable } = REASONS[this.code];
    const details: Record<string, string | number | boolean> = {};
    for (const [key, value] of Object.entries(this.details)) {
      if (value !== undefined) details[key] = typeof value === 'bigint' ? value.toString() : value;
    }
    return { ok: false, error: this.message, code: this.code, culprit, money, retryable, details };
  }
}

export function isGleanerError(error: unknown): error is GleanerError {
  return error instanceof GleanerError;
}

/** The error itself when it is typed, otherwise an `internal-error` that carries it as its cause. */
export function toGleanerError(error: unknown): GleanerError {
  if (isGleanerError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new GleanerError('internal-error', `Unexpected failure: ${message}`, { cause: error });
}

/** Thrown for a state that the rules exclude; carries the values seen. */
export function invariant(condition: unknown, message: string, details: Details = {}): asserts condition {
  if (!condition) throw new GleanerError('invariant-broken', message, { details });
}
