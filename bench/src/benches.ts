import { GleanerError } from '@gleaner/primitives';
import { drawFigures } from './assurance/drawFigures.ts';
import { measureAssurance } from './assurance/measureAssurance.ts';
import { measureGas } from './gas/measureGas.ts';
import { measureLoop } from './loop.ts';
import type { Measurement } from './Measurement.ts';
import { measureOrderbook } from './orderbook/measureOrderbook.ts';
import { measureProtocol } from './protocol.ts';
import { measureWasi } from './wasi.ts';

const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<Measurement>>> = {
  assurance: measureAssurance,
  'assurance-figures': drawFigures,
  gas: measureGas,
  loop: measureLoop,
  orderbook: measureOrderbook,
  protocol: measureProtocol,
  wasi: measureWasi,
};

/**
 * Runs the benchmark of a name.
 * @throws {GleanerError} bad-request when there is none
 * @throws whatever `explainRefusal` puts in words, when the arguments are wrong
 */
export async function runBench(name: string, args: readonly string[]): Promise<Measurement> {
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench !== undefined) return bench(args);
  throw new GleanerError('bad-request', `There is no benchmark ${JSON.stringify(name)}; there is: ${Object.keys(BENCHES).join(', ')}`);
}

/** What the caller did wrong, in one line; `undefined` for anything else, which is a defect. */
export function explainRefusal(error: unknown): string | undefined {
  const isUsage =
    error instanceof GleanerError || (error instanceof TypeError && String(Reflect.get(error, 'code')).startsWith('ERR_PARSE_ARGS'));
  return isUsage ? error.message : undefined;
}
