import type { Address } from '@gleaner/primitives';
import { changePoolAgent, changePoolFloor, depositStake, transferWorkerpool, withdrawStake } from '@gleaner/sdk';
import type { Command } from 'commander';
import { parseRlc } from '../output/amounts.ts';
import { type CommonOptions, resolveAddress, type Session, withSession } from '../session.ts';
import { type AgentOptions, agentOf } from '../workerpool/agentOf.ts';
import { optionsOf } from './options.ts';

type ShowPool = (session: Session, workerpool: Address) => Promise<void>;
type Change = (session: Session, workerpool: Address, value: string) => Promise<unknown>;

/** What the owner of a pool's operator does; each shows the pool as it is afterwards. */
export function addOwnerCommands(workerpool: Command, showPool: ShowPool): void {
  workerpool
    .command('rotate')
    .description('give the pool another agent, at once; what the former one signed is void')
    .argument('<workerpool>')
    .option('--agent <address>', 'new key of the scheduler, as an address or a role')
    .option('--agent-key <file>', 'key file of the scheduler; made when it is missing')
    .action(async (target: string, _: unknown, command: Command) => {
      const options = optionsOf<CommonOptions & AgentOptions>(command);
      await withSession(options, async (session) => {
        const pool = resolveAddress(target, session.network);
        await changePoolAgent(session.gleaner, { workerpool: pool, agent: await agentOf(options, session.network) });
        await showPool(session, pool);
      });
    });

  const add = (name: string, value: string, description: string, change: Change) =>
    workerpool
      .command(name)
      .description(description)
      .argument('<workerpool>')
      .argument(`<${value}>`)
      .action(async (target: string, text: string, _: unknown, command: Command) => {
        await withSession(optionsOf<CommonOptions>(command), async (session) => {
          const pool = resolveAddress(target, session.network);
          await change(session, pool, text);
          await showPool(session, pool);
        });
      });

  add('floor', 'rlc', 'least price that the agent may offer, for signed offers too', async ({ gleaner }, workerpool, rlc) => {
    await changePoolFloor(gleaner, { workerpool, priceFloor: parseRlc(rlc) });
  });
  add('deposit', 'rlc', 'more stake, from the wallet of --as', async ({ gleaner }, workerpool, rlc) => {
    await depositStake(gleaner, { workerpool, amount: parseRlc(rlc) });
  });
  add('withdraw', 'rlc', 'free stake back, into the wallet of --as', async ({ gleaner }, workerpool, rlc) => {
    await withdrawStake(gleaner, { workerpool, amount: parseRlc(rlc) });
  });
  add('transfer', 'address or role', 'another owner for the pool; its stake stays where it is', async ({ gleaner, network }, pool, to) => {
    await transferWorkerpool(gleaner, { workerpool: pool, recipient: resolveAddress(to, network) });
  });
}
