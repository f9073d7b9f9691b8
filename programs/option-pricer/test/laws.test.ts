import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askPrice, blackScholes, cappedCall, type Market, marketArguments, optionPricer, type PriceAnswer } from './optionPricer.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;

/** Standard errors that an estimate may be off: beyond is expected once in two million estimates. */
const FAR = 5;
/** For the differences of sums that are exactly equal in exact arithmetic. */
const ROUNDING = 1e-9;

const anySeed = fc.nat(0xffffffff);
const anyMarket: fc.Arbitrary<Market> = fc.record({
  spot: fc.constant(100),
  strike: fc.integer({ min: 80, max: 120 }),
  rate: fc.integer({ min: -2, max: 10 }).map((n) => n / 100),
  dividend: fc.integer({ min: 0, max: 6 }).map((n) => n / 100),
  volatility: fc.integer({ min: 10, max: 50 }).map((n) => n / 100),
  maturity: fc.integer({ min: 1, max: 8 }).map((n) => n / 4),
});

describe('option-pricer agrees', () => {
  it('with Black and Scholes on European options, price and delta', () => {
    fc.assert(
      fc.property(anyMarket, fc.constantFrom('call' as const, 'put' as const), anySeed, (market, side, seed) => {
        const args = [...marketArguments(market), '--side', side, '--seed', `${seed}`, '--paths=40000', '--steps=2'];
        const exact = blackScholes(market, side);
        const { price, standardError, delta, deltaStandardError } = askPrice(args);
        expect(Math.abs(price - exact.price)).toBeLessThan(FAR * standardError);
        expect(Math.abs(delta - exact.delta)).toBeLessThan(FAR * deltaStandardError);
        expect(standardError).toBeLessThan(0.02 * market.spot);
      }),
      { numRuns: DEEP ? 200 : 15 },
    );
  });

  it('with the closed form of a barrier that is watched once, price and delta', () => {
    fc.assert(
      fc.property(anyMarket, fc.integer({ min: 125, max: 160 }), anySeed, (market, barrier, seed) => {
        const args = [...marketArguments(market), '--type=barrier', `--barrier=${barrier}`, `--seed=${seed}`, '--paths=40000', '--steps=1'];
        const { price, standardError, delta, deltaStandardError } = askPrice(args);
        const step = 1e-3;
        const slope = cappedCall({ ...market, spot: 100 + step }, barrier) - cappedCall({ ...market, spot: 100 - step }, barrier);
        expect(Math.abs(price - cappedCall(market, barrier))).toBeLessThan(FAR * standardError);
        expect(Math.abs(delta - slope / (2 * step))).toBeLessThan(FAR * deltaStandardError);
      }),
      { numRuns: DEEP ? 200 : 10 },
    );
  });

  it('with the forward price of the mean: Asian call less Asian put', () => {
    fc.assert(
      fc.property(anyMarket, fc.integer({ min: 1, max: 20 }), anySeed, (market, steps, seed) => {
        const ask = (side: string) =>
          askPrice([...marketArguments(market), `--side=${side}`, `--steps=${steps}`, `--seed=${seed}`, '--type=asian', '--paths=20000']);
        const [call, put] = [ask('call'), ask('put')];
        const { spot, strike, rate, dividend, maturity } = market;
        const growth = (step: number) => Math.exp(((rate - dividend) * maturity * (step + 1)) / steps);
        const mean = (spot * Array.from({ length: steps }, (_, step) => growth(step)).reduce((sum, gain) => sum + gain, 0)) / steps;
        const exact = Math.exp(-rate * maturity) * (mean - strike);
        expect(Math.abs(call.price - put.price - exact)).toBeLessThan(FAR * (call.standardError + put.standardError));
      }),
      { numRuns: DEEP ? 200 : 6 },
    );
  });
});

describe('option-pricer keeps', () => {
  it('that knock-in and knock-out together are the option without a barrier, on the same paths', () => {
    fc.assert(
      fc.property(
        anyMarket,
        fc.constantFrom('up', 'down'),
        fc.constantFrom('call', 'put'),
        fc.integer({ min: 60, max: 150 }),
        anySeed,
        (market, way, side, barrier, seed) => {
          const common = [...marketArguments(market), `--side=${side}`, `--seed=${seed}`, '--paths=500', '--steps=5'];
          const ask = (kind: string) =>
            askPrice([...common, '--type=barrier', `--barrier=${barrier}`, '--barrier-kind', `${way}-and-${kind}`]).price;
          const plain = askPrice([...common, '--type=european']).price;
          expect(Math.abs(ask('in') + ask('out') - plain)).toBeLessThan(ROUNDING);
        },
      ),
      { numRuns: DEEP ? 200 : 8 },
    );
  });

  it('that the mean of one price is that price', () => {
    const args = ['--steps=1', '--paths=2000'];
    const { price, delta } = askPrice([...args, '--type=asian']);
    expect(askPrice(args)).toMatchObject({ price: expect.closeTo(price, 9), delta: expect.closeTo(delta, 9) });
  });

  it('that four times the paths halve the standard error, and another seed gives another estimate', () => {
    const [few, many] = [askPrice(['--paths=10000']), askPrice(['--paths=40000'])];
    expect(few.standardError / many.standardError).toBeGreaterThan(1.9);
    expect(few.standardError / many.standardError).toBeLessThan(2.1);
    expect(askPrice(['--paths=10000', '--seed=2']).price).not.toBe(few.price);
    expect(few.paths).toBe(10000);
    expect(askPrice(['--paths=9999']).paths).toBe(10000);
  });

  it('the errors that it states: two thirds of many estimates are within one of them', () => {
    const exact = blackScholes({ spot: 100, strike: 100, rate: 0.05, dividend: 0, volatility: 0.2, maturity: 1 }, 'call').price;
    const runs = Array.from({ length: 60 }, (_, seed) => askPrice([`--seed=${seed}`, '--paths=1000', '--steps=1']));
    const within = runs.filter(({ price, standardError }) => Math.abs(price - exact) < standardError).length;
    expect(within).toBeGreaterThan(26); // 41 are expected; the seeds are fixed
    expect(within).toBeLessThan(56);
  });
});

describe('option-pricer shares its paths out', () => {
  const shares = (args: readonly string[], size: number, bag: boolean) =>
    Object.fromEntries(
      Array.from({ length: size }, (_, index) => {
        const env = { IEXEC_BOT_SIZE: `${size}`, IEXEC_BOT_FIRST_INDEX: '3', IEXEC_BOT_TASK_INDEX: `${3 + index}` };
        const run = bag ? optionPricer.run(args, { env }) : optionPricer.run([...args, '--part', `${index}/${size}`]);
        return [`${index}`, run.files['sums.txt'] ?? Buffer.alloc(0)];
      }),
    );

  it('and the pooled answer is that of one task, byte for byte', () => {
    const anyArguments = fc.tuple(anyMarket, fc.constantFrom('european', 'asian', 'barrier'), anySeed, fc.integer({ min: 2, max: 400 }));
    fc.assert(
      fc.property(anyArguments, fc.integer({ min: 2, max: 5 }), fc.boolean(), ([market, type, seed, paths], size, bag) => {
        const args = [...marketArguments(market), '--type', type, `--seed=${seed}`, `--paths=${paths}`];
        const joined = optionPricer.run(['--join'], { inputs: shares(args, size, bag), env: { IEXEC_BOT_SIZE: `${size}` } });
        expect(joined).toEqual(optionPricer.run(args));
      }),
      { numRuns: DEEP ? 200 : 8 },
    );
  });

  it('of any size, also of very large and very small prices', () => {
    for (const args of [
      ['--spot=1000000', '--volatility=2', '--maturity=30', '--paths=60'],
      ['--spot=0.01', '--strike=0.01', '--volatility=0.001', '--maturity=0.001', '--paths=60', '--type=barrier', '--barrier=1'],
    ]) {
      const joined = optionPricer.run(['--join'], { inputs: shares(args, 3, false), env: { IEXEC_BOT_SIZE: '3' } });
      expect(joined).toEqual(optionPricer.run(args));
      const answer = JSON.parse(joined.files['price.json']?.toString() ?? '') as PriceAnswer;
      expect(Number.isFinite(answer.price) && Number.isFinite(answer.standardError)).toBe(true);
    }
  });

  it('but pools only a full set of shares of one contract', () => {
    const parts = shares(['--paths=20'], 2, false);
    const one = parts['1'] ?? Buffer.alloc(0);
    const join = (inputs: Record<string, string | Buffer>) => optionPricer.run(['--join'], { inputs, env: { IEXEC_BOT_SIZE: '2' } });
    expect(join(parts).exitCode).toBe(0);
    for (const [replacement, message] of [
      [parts['0'] ?? one, 'input 1 is share 0/2, not 1/2'],
      [shares(['--paths=20', '--seed=2'], 2, false)['1'] ?? one, 'input 1 belongs to another contract'],
      [one.toString().replace('pairs 5', 'pairs 4'), 'input 1 has not all pairs'],
      [one.subarray(0, -1), 'input 1 is not a share'],
      [one.toString().replace(/[0-9a-f]{8}\n/, 'x\n'), 'input 1 is not a share'],
      ['', 'input 1 is not a share'],
      [`${'0'.repeat(20_000)}`, 'larger than 16384 bytes'],
    ] as const) {
      const { exitCode, stderr } = join({ ...parts, 1: replacement });
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
    }
    expect(join({ 0: one }).stderr).toContain('input 0 is share 1/2, not 0/2');
  });
});
