import { fetchEvents, type HubEvent, readWallet } from '@gleaner/chain';
import { type Address, GleanerError, invariant, type NanoRlc, ZERO_ADDRESS } from '@gleaner/primitives';
import { KITTY_ADDRESS } from '@gleaner/protocol';
import type { Gleaner } from '@gleaner/sdk';
import { isAddressEqual } from 'viem';
import type { Round } from './playRound.ts';
import type { Stage } from './Stage.ts';

/** What an account has at one block, in nRLC. */
interface Holdings {
  readonly wallet: NanoRlc;
  readonly free: NanoRlc;
  readonly locked: NanoRlc;
}

interface AccountChange {
  readonly name: string;
  readonly address: Address;
  readonly before: Holdings;
  readonly after: Holdings;
  readonly change: NanoRlc;
}

export interface WorkerOutcome {
  readonly name: string;
  readonly address: Address;
  readonly verdict: 'agreed' | 'lied' | 'not counted';
  /** Free and locked in the escrow, nRLC. */
  readonly stakeBefore: NanoRlc;
  readonly stakeAfter: NanoRlc;
  readonly scoreBefore: bigint;
  readonly scoreAfter: bigint;
  readonly rewarded: NanoRlc;
  readonly seized: NanoRlc;
}

/** What one task did to everybody, read at the block before its deal and at the block of its payment. */
export interface Settlement {
  readonly blocks: { readonly before: bigint; readonly after: bigint };
  readonly workers: readonly WorkerOutcome[];
  readonly accounts: readonly AccountChange[];
  readonly sums: {
    readonly price: NanoRlc;
    /** Stakes of workers. */
    readonly seized: NanoRlc;
    /** What the kitty of missed deadlines added. */
    readonly kitty: NanoRlc;
    readonly paidOut: NanoRlc;
    /** Of all accounts, wallets and escrow, the kitty included: nothing comes from nowhere. */
    readonly changes: NanoRlc;
  };
}

/** @throws {GleanerError} invariant-broken when the amounts do not add up */
export async function readSettlement(gleaner: Gleaner, { network, workers }: Stage, round: Round): Promise<Settlement> {
  const { head, events } = await readEvents(gleaner, round);
  const ended = events.find(({ name, ...event }) => name === 'TaskFinalize' && 'taskId' in event && event.taskId === round.taskId);
  invariant(ended, 'A task that was paid has the event that says so', { taskId: round.taskId, head });
  const blocks = { before: round.matchedAt - 1n, after: ended.blockNumber };
  const { deal, payouts } = round.task;
  const named: [string, Address][] = [
    ...Object.entries(network.accounts).map(([role, { address }]): [string, Address] => [role, address]),
    ...workers.map(({ name, address }): [string, Address] => [name, address]),
    ['kitty', KITTY_ADDRESS],
    ['app owner', deal.app.owner],
    ['workerpool owner', deal.workerpool.owner],
    ...strangersOf(events, blocks.after, gleaner.network.hubAddress).map((address): [string, Address] => [address, address]),
  ];
  const distinct = named.filter(([, address], index) => named.findIndex(([, other]) => isAddressEqual(other, address)) === index);
  const accounts = await Promise.all(distinct.map(([name, address]) => readChange(gleaner, name, address, blocks)));
  const outcomes = await readWorkers(gleaner, workers, round, accounts, blocks);
  const total = (amounts: readonly NanoRlc[]) => amounts.reduce((sum, amount) => sum + amount, 0n);
  const sums = {
    price: round.task.price,
    seized: total(outcomes.map(({ seized }) => seized)),
    kitty: payouts.find(({ roles }) => roles.includes('kitty'))?.seized ?? 0n,
    paidOut: total(payouts.map(({ rewarded }) => rewarded)),
    changes: total(accounts.map(({ change }) => change)),
  };
  assertAddsUp(sums, round);
  return { blocks, workers: outcomes, accounts, sums };
}

async function readEvents(gleaner: Gleaner, { matchedAt }: Round): Promise<{ head: bigint; events: HubEvent[] }> {
  const { number: head } = await gleaner.chain.head();
  const events = await fetchEvents(gleaner.chain, await gleaner.hub.addresses(), { from: matchedAt, to: head });
  return { head, events: events.filter((event): event is HubEvent => event.name !== 'AssetTransfer' && event.name !== 'PolicyUpdate') };
}

/** Whoever else moved money in these blocks; the hub itself only mirrors what is locked. */
function strangersOf(events: readonly HubEvent[], until: bigint, hub: Address): Address[] {
  const moves = events.flatMap((event) => (event.name === 'Transfer' && event.blockNumber <= until ? [event.from, event.to] : []));
  return [...new Set(moves)].filter((address) => address !== ZERO_ADDRESS && !isAddressEqual(address, hub));
}

async function readChange(gleaner: Gleaner, name: string, address: Address, blocks: Settlement['blocks']): Promise<AccountChange> {
  const [before, after] = await Promise.all([readHoldings(gleaner, address, blocks.before), readHoldings(gleaner, address, blocks.after)]);
  return { name, address, before, after, change: worth(after) - worth(before) };
}

const worth = ({ wallet, free, locked }: Holdings): NanoRlc => wallet + free + locked;

async function readHoldings(gleaner: Gleaner, address: Address, block: bigint): Promise<Holdings> {
  const [{ token }, { stake, locked }] = await Promise.all([
    readWallet(gleaner.chain, gleaner.network.tokenAddress, address, { block }),
    gleaner.hub.viewAccount(address, { block }),
  ]);
  return { wallet: token, free: stake, locked };
}

async function readWorkers(
  { hub }: Gleaner,
  workers: Stage['workers'],
  { votes, task }: Round,
  accounts: readonly AccountChange[],
  { before, after }: Settlement['blocks'],
): Promise<WorkerOutcome[]> {
  const addresses = workers.map(({ address }) => address);
  const [scoresBefore, scoresAfter] = await Promise.all([
    hub.viewScores(addresses, { block: before }),
    hub.viewScores(addresses, { block: after }),
  ]);
  return workers.map(({ name, address }, index) => {
    const account = accounts.find((entry) => isAddressEqual(entry.address, address));
    invariant(account, 'Every worker is among the accounts', { address });
    const vote = votes.find(({ worker }) => isAddressEqual(worker, address));
    const payout = task.payouts.find((entry) => isAddressEqual(entry.account, address));
    return {
      name,
      address,
      verdict: vote === undefined ? 'not counted' : vote.agrees ? 'agreed' : 'lied',
      stakeBefore: account.before.free + account.before.locked,
      stakeAfter: account.after.free + account.after.locked,
      scoreBefore: scoresBefore[index] ?? 0n,
      scoreAfter: scoresAfter[index] ?? 0n,
      rewarded: payout?.rewarded ?? 0n,
      seized: payout?.seized ?? 0n,
    };
  });
}

function assertAddsUp({ price, seized, kitty, paidOut, changes }: Settlement['sums'], { taskId }: Round): void {
  if (paidOut === price + seized + kitty && changes === 0n) return;
  throw new GleanerError(
    'invariant-broken',
    `The amounts of task ${taskId} do not add up: price ${price}, seized ${seized}, kitty ${kitty}, paid out ${paidOut}, changes of all accounts ${changes} nRLC`,
    { details: { taskId, price, seized, kitty, paidOut, changes } },
  );
}
