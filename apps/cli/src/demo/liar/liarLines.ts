import { confidenceOf } from '@gleaner/protocol';
import { isAddressEqual } from 'viem';
import { formatRlc } from '../../output/amounts.ts';
import { short, table } from '../../output/table.ts';
import type { Round } from './playRound.ts';
import type { Settlement, WorkerOutcome } from './readSettlement.ts';
import type { Liar } from './Stage.ts';

export function roundTitle({ number, trust, earning }: { number: number; trust: bigint; earning: boolean }): string {
  const why = earning ? 'work by which everybody earns a score' : 'three who agree are enough, four when one lies';
  return `Round ${number}: one task at trust ${trust} (confidence ${confidenceOf(trust)}), ${why}`;
}

/** Who committed what, and what came of it. */
export function roundLines({ votes, task }: Round, liar: Liar): string[] {
  const rows = votes.map(({ name, resultHash, agrees }) => [`  ${name}`, `committed to ${short(resultHash)}`, agrees ? '' : '← a lie']);
  const own = votes.find(({ worker }) => isAddressEqual(worker, liar.address));
  const ends: Record<string, string> = {
    absent: `${liar.name} was not asked, or came too late to be counted`,
    honest: `${liar.name} was honest`,
    lied: `${liar.name} lied and was outvoted`,
  };
  const agreed = votes.filter(({ agrees }) => agrees).length;
  const end = ends[own === undefined ? 'absent' : own.agrees ? 'honest' : 'lied'];
  return [...table(rows), `  The task is ${task.status}: ${agreed} agreed; ${end}`];
}

/** What the lie cost, and that all amounts add up. */
export function settlementLines({ blocks, workers, accounts, sums }: Settlement, liar: Liar): string[] {
  const { price, seized, kitty, paidOut, changes } = sums;
  const added = kitty > 0n ? ` + ${formatRlc(kitty)} from the kitty` : '';
  const others = accounts.filter(
    ({ change, address }) => change !== 0n && !workers.some((worker) => isAddressEqual(worker.address, address)),
  );
  return [
    '',
    `Read back from the chain, from block ${blocks.before} (before the deal) to block ${blocks.after} (paid):`,
    ...table([['  worker', 'verdict', 'stake before', 'after', 'score', 'reward'], ...workers.map(workerRow)]),
    ...table(others.map(({ name, change }) => [`  ${name}`, `${change > 0n ? '+' : ''}${formatRlc(change)}`])),
    '',
    `  price ${formatRlc(price)} + seized ${formatRlc(seized)}${added} = paid out ${formatRlc(paidOut)}`,
    `  changes of all ${accounts.length} accounts together (wallet, free, locked, kitty): ${formatRlc(changes)}`,
    ...(workers.some(({ name, scoreBefore }) => name === liar.name && scoreBefore === 0n)
      ? [`  ${liar.name} had no score to lose; with --misbehave ${liar.name}=wrong-result:from-score-1 it earns one first`]
      : []),
  ];
}

function workerRow({ name, verdict, stakeBefore, stakeAfter, scoreBefore, scoreAfter, rewarded, seized }: WorkerOutcome): string[] {
  const reward = seized > 0n ? `-${formatRlc(seized)}` : rewarded > 0n ? `+${formatRlc(rewarded)}` : '';
  return [`  ${name}`, verdict, formatRlc(stakeBefore), formatRlc(stakeAfter), `${scoreBefore} → ${scoreAfter}`, reward];
}
