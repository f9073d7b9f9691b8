import { GleanerError, show } from '@gleaner/primitives';

/** How a worker of a development network does wrong, so that everybody can see what the market makes of it. */
export type Misbehaviour =
  /** Runs the program and commits to another result, one of its own for each task. Works honestly while its score is lower than `fromScore`. */
  | { readonly kind: 'wrong-result'; readonly fromScore: bigint }
  /** Takes work, says that it goes on, and never contributes. */
  | { readonly kind: 'silent' }
  /** Computes, and contributes so many milliseconds later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Computes nothing and commits to the result that it sees others commit to, under a seal that it cannot open. */
  | { readonly kind: 'lazy-copier' }
  /** Its process dies in the middle of every program. */
  | { readonly kind: 'crash' };

/** What `parseMisbehaviour` takes, for people who have to type it. */
export const MISBEHAVIOURS = 'wrong-result, wrong-result:from-score-<n>, silent, slow, slow:<seconds>s, lazy-copier or crash';

const DEFAULT_DELAY_MS = 20_000;
const MAX_DELAY_SEC = 3_600;

/**
 * A misbehaviour by its name: `wrong-result` with `:from-score-1` to 999999, `slow` with `:1s` to `:3600s` (20 s unless told).
 * @throws {GleanerError} bad-request for any other text
 */
export function parseMisbehaviour(text: string): Misbehaviour {
  const [, kind, setting] = /^([a-z-]+)(?::(.+))?$/.exec(text) ?? [];
  const parsed = setting === undefined ? plain(kind) : withSetting(kind, setting);
  if (parsed !== undefined) return parsed;
  throw new GleanerError('bad-request', `A misbehaviour is ${MISBEHAVIOURS}, got ${show(text)}`, { details: { value: show(text) } });
}

/** The text that gives this misbehaviour again. */
export function formatMisbehaviour(misbehaviour: Misbehaviour): string {
  const { kind } = misbehaviour;
  if (kind === 'slow') return `slow:${misbehaviour.delayMs / 1000}s`;
  if (kind === 'wrong-result' && misbehaviour.fromScore > 0n) return `wrong-result:from-score-${misbehaviour.fromScore}`;
  return kind;
}

function plain(kind: string | undefined): Misbehaviour | undefined {
  switch (kind) {
    case 'wrong-result':
      return { kind, fromScore: 0n };
    case 'slow':
      return { kind, delayMs: DEFAULT_DELAY_MS };
    case 'silent':
    case 'lazy-copier':
    case 'crash':
      return { kind };
    default:
      return undefined;
  }
}

function withSetting(kind: string | undefined, setting: string): Misbehaviour | undefined {
  const score = /^from-score-([1-9]\d{0,5})$/.exec(setting)?.[1];
  if (kind === 'wrong-result' && score !== undefined) return { kind, fromScore: BigInt(score) };
  const seconds = Number(/^([1-9]\d{0,3})s$/.exec(setting)?.[1] ?? Number.NaN);
  if (kind === 'slow' && seconds <= MAX_DELAY_SEC) return { kind, delayMs: seconds * 1000 };
  return undefined;
}
