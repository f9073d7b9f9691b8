import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Measurement } from './Measurement.ts';
import { fillTables } from './protocol/fillTables.ts';
import { dealGas, gasOf, STEPS } from './protocol/gasSteps.ts';
import { PROTOCOL_TABLES } from './protocol/tables.ts';

const PAGE = new URL('../../docs/protocol.md', import.meta.url);

/** `npm run bench -- protocol [--write]`: the derived figures of docs/protocol.md; `--write` puts them into the page. */
export async function measureProtocol(args: readonly string[]): Promise<Measurement> {
  const { values } = parseArgs({ args: [...args], options: { write: { type: 'boolean', default: false } } });
  if (values.write) await writeFile(PAGE, fillTables(await readFile(PAGE, 'utf8'), PROTOCOL_TABLES));
  const lines = Object.entries(PROTOCOL_TABLES).flatMap(([name, table]) => [`## ${name}`, '', table(), '']);
  return {
    lines,
    figures: {
      estimatedGas: {
        match: gasOf(STEPS.match()),
        oneTaskThreeSeats: dealGas(3),
        perTaskBag100: Math.round(dealGas(3) / 100),
        perTaskBag1000: Math.round(dealGas(3) / 1_000),
      },
    },
  };
}
