import { openProgram } from '../../testing/openProgram.ts';
import type { RunOptions } from '../../testing/runUnderNode.ts';

export const optionPricer = await openProgram('option-pricer');

export interface PriceAnswer {
  readonly price: number;
  readonly standardError: number;
  readonly delta: number;
  readonly deltaStandardError: number;
  readonly paths: number;
}

export interface Market {
  readonly spot: number;
  readonly strike: number;
  readonly rate: number;
  readonly dividend: number;
  readonly volatility: number;
  readonly maturity: number;
}

export function marketArguments(market: Market): string[] {
  return Object.entries(market).map(([name, value]) => `--${name}=${value}`);
}

/** The answer of a run that must succeed. */
export function askPrice(args: readonly string[], options: RunOptions = {}): PriceAnswer {
  return JSON.parse(optionPricer.ask('price.json', args, options)) as PriceAnswer;
}

/** Black, Scholes and Merton: price and delta of a European option. */
export function blackScholes(market: Market, side: 'call' | 'put'): { price: number; delta: number } {
  const { spot, strike, rate, dividend, maturity } = market;
  const [d1, d2] = distances(market, strike);
  const direction = side === 'call' ? 1 : -1;
  const delta = direction * Math.exp(-dividend * maturity) * normalShare(direction * d1);
  return { price: spot * delta - direction * strike * Math.exp(-rate * maturity) * normalShare(direction * d2), delta };
}

/** A call that pays nothing when the price at maturity is at or above a barrier: a call spread less a step. */
export function cappedCall(market: Market, barrier: number): number {
  const call = blackScholes(market, 'call').price;
  const [, d2] = distances(market, barrier);
  const step = (barrier - market.strike) * Math.exp(-market.rate * market.maturity) * normalShare(d2);
  return call - blackScholes({ ...market, strike: barrier }, 'call').price - step;
}

function distances({ spot, rate, dividend, volatility, maturity }: Market, level: number): readonly [number, number] {
  const spread = volatility * Math.sqrt(maturity);
  const d1 = (Math.log(spot / level) + (rate - dividend) * maturity) / spread + spread / 2;
  return [d1, d1 - spread];
}

/** Share of the standard normal distribution below x, to about 1e-12: its density integrated by Simpson's rule. */
function normalShare(x: number): number {
  if (Math.abs(x) > 9) return x > 0 ? 1 : 0;
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  const pieces = 400;
  const width = x / pieces;
  let sum = density(0) + density(x);
  for (let i = 1; i < pieces; i += 1) sum += (i % 2 === 0 ? 2 : 4) * density(i * width);
  return 0.5 + (sum * width) / 3;
}
