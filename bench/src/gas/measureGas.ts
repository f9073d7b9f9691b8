import { parseArgs } from 'node:util';
import { deployOurs, deployPublished, type MarketSystem, startAnvil } from '@gleaner/testkit/published';
import type { Measurement } from '../Measurement.ts';
import { type GasFlow, gasFlows, runFlow } from './flows.ts';
import { type FirstOnes, GasMarket } from './GasMarket.ts';
import { matchOperations } from './matchOperations.ts';
import { PARTIES } from './parties.ts';
import { TIMEREF } from './payloads.ts';
import { setUpOperations } from './setUpOperations.ts';
import { taskOperations } from './taskOperations.ts';

/** One figure: gas of the published contracts, of ours, and what was expected of either. */
interface GasRow {
  readonly name: string;
  readonly published: number;
  readonly ours: number;
  /** ours ÷ published. */
  readonly ratio: number;
  readonly target?: number;
  /** Whether ours is at or below the target. */
  readonly met?: boolean;
  readonly reference?: number;
  /** published ÷ reference, where an earlier measurement of the published contracts is known. */
  readonly ofReference?: number;
}

/** Published figures further than this from the earlier measurement are listed: another mix of zero bytes explains at most this. */
const TOLERANCE = 0.001;

/**
 * Gas of every operation on the published contracts (`@iexec/poco` 6.1.0, bytecode of the package) and on ours, on one anvil: each operation
 * from the same state, then whole bags. `--bags 1,10,100` sizes of the bags, `--only text` operations whose name contains it.
 */
export async function measureGas(args: readonly string[]): Promise<Measurement> {
  const options = { bags: { type: 'string', default: '1,10,100' }, only: { type: 'string', default: '' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const operations = planned(values.only, values.bags.split(',').map(Number));
  if (operations.length === 0) throw new Error(`No operation has ${JSON.stringify(values.only)} in its name`);
  const anvil = await startAnvil();
  try {
    const owner = PARTIES.owner.address;
    const categories = ['XS', 'S'].map((name) => ({ name, description: '""', workClockTimeRef: TIMEREF }));
    const systems = [await deployPublished({ anvil, owner, categories }), await deployOurs({ anvil, categories })];
    const columns: Map<string, number>[] = [];
    for (const system of systems) columns.push(await measureSystem(new GasMarket(system, anvil), operations));
    const rows = operations.map(({ name, reference, target }) =>
      toRow(name, columns[0]?.get(name) ?? 0, columns[1]?.get(name) ?? 0, reference, target),
    );
    return report(rows, systems);
  } finally {
    await anvil.close();
  }
}

interface Planned {
  readonly name: string;
  readonly reference?: number | undefined;
  readonly target?: number | undefined;
  /** In a hub where nothing was matched yet. */
  readonly first?: boolean;
  run(market: GasMarket, firstOnes: FirstOnes): Promise<bigint>;
}

/** Gas that an earlier measurement found for what is done for the first time in a hub. */
const FIRST_ONES: Readonly<Record<keyof FirstOnes, number>> = {
  createApp: 581_802,
  createDataset: 597_995,
  createWorkerpool: 549_335,
  deposit: 114_473,
};

/** Everything that is measured, in the order of the table. */
function planned(only: string, bags: readonly number[]): Planned[] {
  const firstOnes = (Object.keys(FIRST_ONES) as (keyof FirstOnes)[]).map((name): Planned => {
    return { name: `${name}, first in a hub`, reference: FIRST_ONES[name], first: true, run: async (_, measured) => measured[name] };
  });
  const firstDeal: Planned = {
    name: 'matchOrders, first in a hub',
    reference: 784_991,
    first: true,
    run: async (market) => (await market.match()).gas,
  };
  const flows = gasFlows.flatMap((flow) => bags.map((bag) => plannedFlow(flow, bag)));
  return [...firstOnes, ...setUpOperations, firstDeal, ...matchOperations, ...taskOperations, ...flows].filter(({ name }) =>
    name.includes(only),
  );
}

function plannedFlow(flow: GasFlow, bag: number): Planned {
  return {
    name: `task: ${flow.name}, bag ${bag}`,
    reference: flow.reference[bag],
    target: bag === 1 ? flow.target : undefined,
    run: async (market) => (await runFlow(market, flow, bag)) / BigInt(bag),
  };
}

async function measureSystem(market: GasMarket, operations: readonly Planned[]): Promise<Map<string, number>> {
  const measured = new Map<string, number>();
  const firstOnes = await market.open();
  const measureAll = async (some: readonly Planned[]): Promise<void> => {
    for (const operation of some) {
      const snapshot = await market.anvil.call('evm_snapshot');
      measured.set(operation.name, Number(await operation.run(market, firstOnes)));
      await market.anvil.call('evm_revert', [snapshot]);
    }
  };
  await measureAll(operations.filter(({ first }) => first));
  await market.openDeals();
  await measureAll(operations.filter(({ first }) => !first));
  return measured;
}

function toRow(name: string, published: number, ours: number, reference: number | undefined, target: number | undefined): GasRow {
  return {
    name,
    published,
    ours,
    ratio: Number((ours / published).toFixed(3)),
    ...(target !== undefined && { target, met: ours <= target }),
    ...(reference !== undefined && { reference, ofReference: Number((published / reference).toFixed(4)) }),
  };
}

function report(rows: readonly GasRow[], systems: readonly MarketSystem[]): Measurement {
  const missed = rows.filter(({ met }) => met === false);
  const apart = rows.filter(({ ofReference }) => ofReference !== undefined && Math.abs(ofReference - 1) > TOLERANCE);
  const cell = (value: string | number, width: number) => `${value}`.padStart(width);
  const line = ({ name, published, ours, ratio, target, met }: GasRow) =>
    `${name.padEnd(56)} ${cell(published, 9)} ${cell(ours, 9)} ${cell(ratio.toFixed(3), 6)} ${cell(target ?? '', 9)} ${met === undefined ? '' : met ? 'met' : 'missed'}`;
  const deploy = Object.fromEntries(systems.map(({ name, deployGas }) => [name, Number(deployGas)]));
  return {
    lines: [
      `${'gas'.padEnd(56)} ${cell('published', 9)} ${cell('ours', 9)} ${cell('ratio', 6)} ${cell('target', 9)}`,
      ...rows.map(line),
      `deployment: published ${deploy['published']}, ours ${deploy['ours']}`,
      `targets missed: ${missed.map(({ name }) => name).join('; ') || 'none'}`,
      `published figures more than ${TOLERANCE * 100} % from the earlier measurement: ${apart.map(({ name, ofReference }) => `${name} (${ofReference} ×)`).join('; ') || 'none'}`,
    ],
    figures: { published: '@iexec/poco 6.1.0', deploy, targetsMissed: missed.length, apartFromReference: apart.length, rows },
  };
}
