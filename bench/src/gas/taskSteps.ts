import type { TaskId } from '@gleaner/primitives';
import type { LocalAccount } from 'viem';
import type { DealOptions, GasMarket } from './GasMarket.ts';
import { WORKERS } from './parties.ts';

/** Trust that exactly this many workers without a score reach by agreeing. */
export const TRUST_OF: Readonly<Record<number, bigint>> = { 1: 1n, 3: 8n, 5: 32n };

export interface TaskOptions extends DealOptions {
  readonly workers?: 1 | 3 | 5;
}

export function workersOf(options: TaskOptions): readonly LocalAccount[] {
  return WORKERS.slice(0, options.workers ?? 1);
}

/** A deal of one task, initialised. */
export async function startTask(market: GasMarket, options: TaskOptions = {}): Promise<TaskId> {
  const { dealId } = await market.match({ ...options, trust: options.trust ?? TRUST_OF[options.workers ?? 1] ?? 1n });
  return (await market.initialize(dealId)).task;
}

/** Gas of each contribution, in order; the last one settles. */
export async function contributeAll(market: GasMarket, task: TaskId, options: TaskOptions): Promise<bigint[]> {
  const used: bigint[] = [];
  for (const worker of workersOf(options)) used.push(await market.contribute(worker, task, { tee: options.tee ?? false }));
  return used;
}

/** Gas of each reveal, in order. */
export async function revealAll(market: GasMarket, task: TaskId, options: TaskOptions): Promise<bigint[]> {
  const used: bigint[] = [];
  for (const worker of workersOf(options)) used.push(await market.reveal(worker, task));
  return used;
}

/** A task that everybody has revealed. */
export async function revealedTask(market: GasMarket, options: TaskOptions): Promise<TaskId> {
  const task = await startTask(market, options);
  await contributeAll(market, task, options);
  await revealAll(market, task, options);
  return task;
}
