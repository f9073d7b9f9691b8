/** Confidence of every limit in the tables, one-sided. */
const DOUBT = 0.05;
const STEPS = 200;

/**
 * Upper 95 % limit of a rate after so many errors in so many draws: the rate at which seeing as few has a probability of 5 %.
 * Exact binomial limit (Clopper and Pearson 1934). For 0 errors it is 1 − 0.05^(1/draws), about 3/draws.
 * @param errors whole number, at most `draws`
 * @returns 1 when nothing was drawn or everything was wrong
 * Cost: some 200 sums of `errors` terms.
 */
export function upperLimit(errors: number, draws: number): number {
  if (draws === 0 || errors >= draws) return 1;
  const most = Math.min(1, (errors + 5 * Math.sqrt(errors + 4) + 5) / draws);
  return crossing(errors / draws, most, (rate) => atMost(errors, draws, rate) > DOUBT);
}

/** Lower 95 % limit, one-sided: the rate at which seeing as many has a probability of 5 %. */
export function lowerLimit(errors: number, draws: number): number {
  if (errors === 0 || draws === 0) return 0;
  return crossing(0, errors / draws, (rate) => 1 - atMost(errors - 1, draws, rate) < DOUBT);
}

/** Where the condition, true at the low end, turns false; to 9 digits. */
function crossing(from: number, to: number, isBelow: (rate: number) => boolean): number {
  let low = from;
  let high = to;
  for (let step = 0; step < STEPS && high - low > 1e-9 * high; step += 1) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/** P(X ≤ errors) for a binomial X. Terms run downwards from the largest and stop when they add nothing. */
function atMost(errors: number, draws: number, rate: number): number {
  const odds = Math.log(rate) - Math.log1p(-rate);
  let term = logBinomial(draws, errors) + errors * Math.log(rate) + (draws - errors) * Math.log1p(-rate);
  let sum = 0;
  for (let count = errors; count >= 0; count -= 1) {
    const add = Math.exp(term);
    sum += add;
    if (add < sum * 1e-17 && count < rate * draws) break;
    term -= Math.log((draws - count + 1) / count) + odds;
  }
  return sum;
}

const logBinomial = (all: number, chosen: number): number => logFactorial(all) - logFactorial(chosen) - logFactorial(all - chosen);

/** ln n!: a product up to 20, Stirling's series above it (error below 1e-12 relative). */
function logFactorial(n: number): number {
  if (n <= 20) {
    let product = 1;
    for (let factor = 2; factor <= n; factor += 1) product *= factor;
    return Math.log(product);
  }
  const inverse = 1 / n;
  const series = inverse * (1 / 12 - inverse * inverse * (1 / 360 - (inverse * inverse) / 1260));
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}
