import { createApp, fetchEvents } from '@gleaner/chain';
import { type Address, type ReasonCode, type TaskId, ZERO_BYTES32 } from '@gleaner/primitives';
import { encodeMultiaddr } from '@gleaner/protocol';
import { probeWasm } from './clone.ts';
import type { CommandResult } from './runCommand.ts';
import { dealOfApp, startDeal } from './startDeal.ts';
import type { Role, TestNetwork } from './startTestNetwork.ts';
import { until } from './until.ts';

export interface FailingRun {
  readonly what: string;
  readonly code: ReasonCode;
  readonly by: Role;
  /** A path, or the name of a file of the test's own. */
  readonly program: string;
  readonly args: readonly string[];
  /** An endless loop burns all the fuel of its category, so it gets the smaller one. */
  readonly category: FailingCategory;
}

export type FailingCategory = 'short' | 'slow';

/** Programs that pass every check before the deal and fail on the workers. */
export const FAILING_RUNS: readonly FailingRun[] = [
  { what: 'an endless loop', code: 'fuel-exhausted', by: 'appOwner', program: probeWasm, args: ['spin'], category: 'short' },
  { what: 'a memory bomb', code: 'memory-exceeded', by: 'hubOwner', program: probeWasm, args: ['fill-memory'], category: 'slow' },
  { what: 'an output flood', code: 'output-too-large', by: 'appOwner', program: probeWasm, args: ['flood-output'], category: 'slow' },
  { what: 'an exit code other than 0', code: 'program-exit-code', by: 'hubOwner', program: probeWasm, args: ['fail'], category: 'slow' },
  { what: 'endless recursion', code: 'stack-exhausted', by: 'appOwner', program: 'recursion.wasm', args: [], category: 'slow' },
  { what: 'a wrong computed.json', code: 'result-invalid', by: 'hubOwner', program: 'computed.wasm', args: [], category: 'slow' },
];

/** Runs all of them by `gleaner run`, so that they wait for their refund together; an account makes one deal after the other. */
export async function runFailing(
  net: TestNetwork,
  categories: Readonly<Record<FailingCategory, bigint>>,
  pathOf: (name: string) => string,
): Promise<ReadonlyMap<string, CommandResult>> {
  const results = await Promise.all(
    [...Map.groupBy(FAILING_RUNS, ({ by }) => by)].map(async ([role, runs]) => {
      const commands: Promise<readonly [string, CommandResult]>[] = [];
      for (const { what, program, args, category } of runs) {
        const path = program.includes('/') ? program : pathOf(program);
        const command = net.gleaner(['run', path, '--as', role, '--category', `${categories[category]}`, '--yes', '--', ...args]);
        commands.push(command.then((result) => [what, result] as const));
        await Promise.race([command, whenDealt(net, role, commands.length)]);
      }
      return Promise.all(commands);
    }),
  );
  return new Map(results.flat());
}

/** Waits until the account has locked the price of so many deals. */
function whenDealt(net: TestNetwork, role: Role, deals: number): Promise<unknown> {
  const { chain, hub } = net.as('requester');
  const owner = net.address(role).toLowerCase();
  const countLocks = async () => {
    const { number } = await chain.head();
    const events = await fetchEvents(chain, await hub.addresses(), { from: 0n, to: number });
    return events.filter((event) => event.name === 'Lock' && event.owner.toLowerCase() === owner).length;
  };
  return until(`Deal ${deals} of ${role}`, async () => (await countLocks()) >= deals, { everyMs: 300, timeoutMs: 120_000 });
}

/** Deals of the requester that `gleaner run` would refuse to make, with the reasons that fit each. */
export async function dealPastChecks(
  net: TestNetwork,
  category: bigint,
  garbage: string,
): Promise<readonly { readonly taskId: TaskId; readonly codes: readonly ReasonCode[] }[]> {
  const nowhere = 'ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG';
  const deals = [
    { codes: ['program-not-wasm'], deal: await startDeal(net, { program: garbage, args: [], category }) },
    {
      codes: ['input-unreachable', 'content-not-found'],
      deal: await startDeal(net, { program: probeWasm, args: [], category, params: { iexec_input_files: [nowhere] } }),
    },
    { codes: ['program-checksum-mismatch'], deal: await dealOfApp(net, await appWithWrongChecksum(net), { args: [], category }) },
  ] as const;
  return deals.map(({ codes, deal }) => ({ codes, taskId: deal.taskIds[0] as TaskId }));
}

/** A registered app whose content is not what its checksum says. */
async function appWithWrongChecksum(net: TestNetwork): Promise<Address> {
  const { address } = await createApp(net.as('requester').sender(), {
    name: 'wrong checksum',
    type: 'WASI',
    multiaddr: encodeMultiaddr(String(net.network.stockApp?.multiaddr)),
    checksum: ZERO_BYTES32,
  });
  return address;
}
