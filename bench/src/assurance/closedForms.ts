import { GleanerError } from '@gleaner/primitives';

/**
 * Published results that need no simulation. Symbols: f share of hostile operators, s rate at which they cheat, φ = f·s.
 * Sources: Sarmenta 2001, «Sabotage-tolerance mechanisms for volunteer computing systems»; Wald 1945 for the sequential test.
 */

/** Probability that the first answer with m equal votes is wrong, when all wrong answers are equal: Σ C(2m−1, j) φ^j (1−φ)^(2m−1−j), j from m. */
export function firstToError(m: number, phi: number): number {
  let error = 0;
  // The deciding vote is the last one: m wrong and k right before it, k from 0 to m − 1.
  let term = phi ** m;
  for (let right = 0; right < m; right += 1) {
    error += term;
    term *= ((m + right) / (right + 1)) * (1 - phi);
  }
  return error;
}

/** Mean votes until one of two answers has m. */
export function firstToVotes(m: number, phi: number): number {
  let votes = 0;
  let wrong = phi ** m;
  let right = (1 - phi) ** m;
  for (let other = 0; other < m; other += 1) {
    votes += (m + other) * (wrong + right);
    const factor = (m + other) / (other + 1);
    wrong *= factor * (1 - phi);
    right *= factor * phi;
  }
  return votes;
}

/** Least m whose error is at most ε. */
export function firstToNeeded(epsilon: number, phi: number): number {
  let m = 1;
  while (firstToError(m, phi) > epsilon) m += 1;
  return m;
}

/** Error of spot checks at rate q with expulsion, over n tasks per operator. */
function spotCheckError(f: number, s: number, q: number, n: number): number {
  const escaped = (1 - q * s) ** n;
  return (s * f * escaped) / (1 - f + f * escaped);
}

/** The same at the rate that serves the saboteur best. */
function spotCheckBound(f: number, q: number, n: number): number {
  return f / ((1 - f) * q * n * Math.E);
}

/** Lead that decides Wald's sequential test of two answers. */
function sequentialLead(epsilon: number, f: number): number {
  return Math.max(1, Math.ceil(Math.log((1 - epsilon) / epsilon) / Math.log((1 - f) / f) - 1e-12));
}

/** Mean votes of that test: a gambler's ruin from 0 between −lead and lead. */
export function sequentialVotes(lead: number, f: number): number {
  const ratio = (f / (1 - f)) ** lead;
  return (lead / (1 - 2 * f)) * ((1 - ratio) / (1 + ratio));
}

/** Checks after which one vote is enough against a cheat of constant rate: f / ((1−f)·e·ε), rounded up. */
function checksForOneVote(epsilon: number, f: number): number {
  return Math.ceil(f / ((1 - f) * Math.E * epsilon));
}

/** Seats that are enough when one honest member of them is: log ε / log f. */
function refereedReplicas(epsilon: number, f: number): number {
  return Math.ceil(Math.log(epsilon) / Math.log(f) - 1e-12);
}

export interface ClosedFormCheck {
  readonly what: string;
  readonly published: number;
  readonly computed: number;
  readonly agrees: boolean;
}

/**
 * The published figures beside ours.
 * @throws {GleanerError} internal-error when one is off: nothing simulated on such ground is worth reading
 */
export function checkClosedForms(): readonly ClosedFormCheck[] {
  const checks = PUBLISHED.map(([what, published, computed, tolerance]) => ({
    what,
    published,
    computed,
    agrees: Math.abs(computed - published) <= tolerance * Math.abs(published),
  }));
  const wrong = checks.filter(({ agrees }) => !agrees);
  if (wrong.length > 0) {
    const list = wrong.map(({ what, published, computed }) => `${what}: published ${published}, here ${computed}`).join('; ');
    throw new GleanerError('internal-error', `Closed forms differ from the published figures: ${list}`, { details: { list } });
  }
  return checks;
}

/** What, published value, ours, relative tolerance (half of the last digit printed). */
const PUBLISHED: readonly (readonly [string, number, number, number])[] = [
  ['m-first at f = 0.35 for 5 %', 15, firstToNeeded(0.05, 0.35), 0],
  ['m-first at f = 0.35 for 1 %', 29, firstToNeeded(0.01, 0.35), 0],
  ['m-first at f = 0.35 for 0.1 %', 51, firstToNeeded(0.001, 0.35), 0],
  ['m-first at f = 0.2 for 1e-6', 26, firstToNeeded(1e-6, 0.2), 0],
  ['votes of 26-first at f = 0.2', 32.5, firstToVotes(26, 0.2), 0.002],
  ['error of 2-first at φ = 0.2', 0.104, firstToError(2, 0.2), 0.001],
  ['error of 3-first at φ = 0.01', 9.9e-6, firstToError(3, 0.01), 0.006],
  ['votes of 2-first at φ = 0.05', 2.09, firstToVotes(2, 0.05), 0.003],
  ['spot checks, f = 0.2, s = 0.2, q = 0.1, n = 50', 1.7e-2, spotCheckError(0.2, 0.2, 0.1, 50), 0.03],
  ['spot checks, f = 0.01, s = 0.05, q = 0.1, n = 50', 3.9e-4, spotCheckError(0.01, 0.05, 0.1, 50), 0.02],
  ['spot checks at their worst, f = 0.2, q = 0.1, n = 50', 1.8e-2, spotCheckBound(0.2, 0.1, 50), 0.03],
  ['lead of the sequential test, f = 0.2, 1e-6', 10, sequentialLead(1e-6, 0.2), 0],
  ['votes of the sequential test, f = 0.2, 1e-6', 16.67, sequentialVotes(10, 0.2), 0.001],
  ['lead of the sequential test, f = 0.35, 1e-6', 23, sequentialLead(1e-6, 0.35), 0],
  ['votes of the sequential test, f = 0.35, 1e-2', 26.29, sequentialVotes(8, 0.35), 0.001],
  ['checks for one vote, f = 0.2, 1e-6', 91_970, checksForOneVote(1e-6, 0.2), 0],
  ['checks for one vote, f = 0.2, 1e-4', 920, checksForOneVote(1e-4, 0.2), 0],
  ['checks for one vote, f = 0.35, 1e-6', 198_089, checksForOneVote(1e-6, 0.35), 0],
  ['refereed replicas, f = 0.2, 1e-6', 9, refereedReplicas(1e-6, 0.2), 0],
  ['refereed replicas, f = 0.35, 1e-6', 14, refereedReplicas(1e-6, 0.35), 0],
];
