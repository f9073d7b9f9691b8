import { expect, it } from 'vitest';
import { soak } from './soak.ts';

const deep = Number(process.env['GLEANER_DEEP'] ?? 0) > 0;
/** How long the soak takes, in seconds. */
const seconds = Number(process.env['GLEANER_SOAK_SECONDS'] ?? (deep ? 120 : 2));
const seed = process.env['GLEANER_SOAK_SEED'];

it(`no law of metering breaks in ${seconds} seconds`, { timeout: (seconds + 60) * 1000 }, async () => {
  const report = await soak(seconds, seed === undefined ? undefined : Number(seed));
  if (deep) console.log(JSON.stringify(report, null, 2));
  const broken = Object.entries(report.laws).filter(([, { failures }]) => failures.length > 0);
  expect(broken, `first seed ${report.firstSeed}`).toEqual([]);
  for (const { modules } of Object.values(report.laws)) expect(modules).toBeGreaterThan(0);
});
