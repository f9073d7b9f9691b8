import { topUpEscrow } from '@gleaner/chain';
import { type Address, GleanerError } from '@gleaner/primitives';
import { getAccount, getAsset, getPoolOwner, registerOperatedPool, registerWorkerpool, serveWorkerpool } from '@gleaner/sdk';
import type { Command } from 'commander';
import { isAddressEqual } from 'viem';
import { formatRlc, parseRlc } from '../output/amounts.ts';
import { table } from '../output/table.ts';
import { type CommonOptions, resolveAddress, type Session, withSession } from '../session.ts';
import { type AgentOptions, agentOf } from '../workerpool/agentOf.ts';
import { isGiven, optionsOf } from './options.ts';
import { addOwnerCommands } from './workerpoolOwner.ts';

interface CreateOptions extends CommonOptions, AgentOptions {
  readonly description: string;
  readonly priceFloor: string;
  readonly stake: string;
  readonly direct: boolean;
}

export function addWorkerpoolCommand(program: Command): void {
  const workerpool = program.command('workerpool').description('create a pool of workers and look after it (docs/pool-operators.md)');

  workerpool
    .command('create')
    .summary('register a workerpool behind an operator contract')
    .description(
      'Registers a workerpool. An operator contract owns it and its stake; --as owns the operator, and the scheduler signs with the key of the agent, which can be replaced at any time.',
    )
    .requiredOption('--description <text>', 'decides the address, together with owner, agent and price floor')
    .option('--agent <address>', 'key of the scheduler, as an address or a role')
    .option('--agent-key <file>', 'key file of the scheduler; made when it is missing')
    .option('--price-floor <rlc>', 'least price that the scheduler may offer, per task', '0')
    .option('--stake <rlc>', 'free stake to put into the escrow', '0')
    .option('--direct', 'without an operator: --as owns the pool, and the scheduler needs that key', false)
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<CreateOptions>(command);
      await withSession(options, async (session) => {
        const { address, owner, isNew } = await create(session, options);
        await topUpEscrow(session.gleaner.sender(), { target: parseRlc(options.stake), account: owner });
        session.printer.line(isNew ? `Workerpool ${address}` : `Workerpool ${address} (was registered before)`);
        await showPool(session, address);
      });
    });

  workerpool
    .command('show')
    .description('who owns a pool, who runs it, its terms and its stake')
    .argument('<workerpool>')
    .action(async (target: string, _: unknown, command: Command) => {
      await withSession(optionsOf<CommonOptions>(command), (session) => showPool(session, resolveAddress(target, session.network)), {
        readOnly: true,
      });
    });

  workerpool
    .command('serve')
    .description('have the scheduler of this network take up the deals of a pool, now and after every restart; --as is its owner')
    .argument('<workerpool>')
    .action(async (target: string, _: unknown, command: Command) => {
      const options = optionsOf<CommonOptions>(command);
      const as = isGiven(command, 'as') ? options.as : await ownerRole(options, target);
      await withSession({ ...options, as }, async ({ gleaner, network, printer }) => {
        const served = await serveWorkerpool(gleaner, resolveAddress(target, network));
        for (const line of servedLines(served)) printer.line(line);
        printer.result(served);
      });
    });

  addOwnerCommands(workerpool, showPool);
}

/** The development role that owns a pool, or its operator, for who names no account; without one `--as` stays what it was. */
async function ownerRole(options: CommonOptions, target: string): Promise<string> {
  let role = options.as;
  await withSession(
    options,
    async ({ gleaner, network }) => {
      const { owner, operator } = await getPoolOwner(gleaner, resolveAddress(target, network));
      const holder = operator?.owner ?? owner;
      const held = Object.entries(network.accounts).find(([, { address }]) => isAddressEqual(address, holder));
      if (held !== undefined) [role] = held;
    },
    { readOnly: true },
  );
  return role;
}

async function create(session: Session, options: CreateOptions): Promise<{ address: Address; owner: Address; isNew: boolean }> {
  const { gleaner } = session;
  const { description, direct } = options;
  if (direct) {
    if (options.agent !== undefined || options.agentKey !== undefined) {
      throw new GleanerError('bad-request', 'With --direct the pool has no operator, and so no agent: leave --agent and --agent-key out');
    }
    const { workerpool, existed } = await registerWorkerpool(gleaner, { description });
    return { address: workerpool, owner: gleaner.signer().address, isNew: !existed };
  }
  const agent = await agentOf(options, session.network);
  const terms = { agent, priceFloor: parseRlc(options.priceFloor), description };
  const { workerpool, operator, existed } = await registerOperatedPool(gleaner, terms);
  return { address: workerpool, owner: operator, isNew: !existed };
}

const SIGNS_AS = {
  owner: 'its owner',
  operator: 'the agent of its operator',
  broker: 'the TEE broker of the hub: deals with tag bit 0 and trust 0 or 1 only',
} as const;

function servedLines({ workerpool, apiUrl, signsAs, todo }: Awaited<ReturnType<typeof serveWorkerpool>>): string[] {
  return [
    `Workerpool ${workerpool} is served by ${apiUrl}, which signs as ${SIGNS_AS[signsAs]}`,
    ...todo.map(({ message }) => `To do: ${message}`),
  ];
}

async function showPool({ gleaner, printer }: Session, workerpool: Address): Promise<void> {
  const { owner, operator } = await getPoolOwner(gleaner, workerpool);
  const [info, account] = await Promise.all([getAsset(gleaner, 'workerpool', workerpool), getAccount(gleaner, owner)]);
  const rows = [
    ['workerpool', workerpool],
    ['description', info.description],
    ...(operator === undefined
      ? [['owner', `${owner} (holds the pool itself)`]]
      : [
          ['operator', operator.operator],
          ['owner', operator.owner],
          ...(operator.candidate === undefined ? [] : [['next owner', `${operator.candidate} (has to accept)`]]),
          ['agent', operator.agent],
          ['price floor', `${formatRlc(operator.priceFloor)} a task`],
        ]),
    ['worker stake', `${info.workerStakeRatio} % of the price`],
    ['scheduler’s part', `${info.schedulerRewardRatio} % of the reward`],
    ['stake, free', formatRlc(account.escrowFree)],
    ['stake, locked', formatRlc(account.escrowLocked)],
  ];
  for (const line of table(rows)) printer.line(line);
  const { escrowFree, escrowLocked } = account;
  printer.result({ workerpool, ...info, owner, ...(operator && { operator }), escrowFree, escrowLocked });
}
