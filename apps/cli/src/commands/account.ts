import type { Address } from '@gleaner/primitives';
import { deposit, getAccount, transfer, withdraw } from '@gleaner/sdk';
import type { Command } from 'commander';
import { formatRlc, parseRlc } from '../output/amounts.ts';
import { table } from '../output/table.ts';
import { type CommonOptions, resolveAddress, type Session, withSession } from '../session.ts';
import { optionsOf } from './options.ts';

export function addAccountCommand(program: Command): void {
  const account = program.command('account').description('money in wallet and escrow');

  account
    .command('show')
    .description('what an account has (default: the one named by --as)')
    .argument('[address or role]')
    .action(async (who: string | undefined, _: unknown, command: Command) => {
      const options = optionsOf<CommonOptions>(command);
      await withSession(options, async (session) => showAccount(session, resolveAddress(who ?? options.as, session.network)), {
        readOnly: true,
      });
    });

  addMove(account, 'deposit', 'from the wallet into the escrow, in one transaction', async ({ gleaner }, amount) => {
    await deposit(gleaner, { amount });
  });
  addMove(account, 'withdraw', 'from the escrow back to the wallet', async ({ gleaner }, amount) => {
    await withdraw(gleaner, { amount });
  });

  account
    .command('transfer')
    .description('RLC from the wallet to another account')
    .argument('<rlc>', 'amount in RLC')
    .argument('<address or role>', 'who receives it')
    .action(async (amount: string, to: string, _: unknown, command: Command) => {
      await withSession(optionsOf<CommonOptions>(command), async (session) => {
        const { gleaner, network } = session;
        await transfer(gleaner, { recipient: resolveAddress(to, network), amount: parseRlc(amount) });
        await showAccount(session, gleaner.signer().address);
      });
    });
}

function addMove(account: Command, name: string, description: string, move: (session: Session, amount: bigint) => Promise<void>): void {
  account
    .command(name)
    .description(description)
    .argument('<rlc>', 'amount in RLC')
    .action(async (amount: string, _: unknown, command: Command) => {
      await withSession(optionsOf<CommonOptions>(command), async (session) => {
        await move(session, parseRlc(amount));
        await showAccount(session, session.gleaner.signer().address);
      });
    });
}

async function showAccount({ gleaner, printer }: Session, address: Address): Promise<void> {
  const account = await getAccount(gleaner, address);
  const rows = [
    ['account', account.address],
    ['wallet', formatRlc(account.wallet)],
    ['escrow, free', formatRlc(account.escrowFree)],
    ['escrow, locked', formatRlc(account.escrowLocked)],
    ['gas', `${account.gas} wei`],
    ['score', `${account.score}`],
  ];
  for (const line of table(rows)) printer.line(line);
  printer.result({ account });
}
