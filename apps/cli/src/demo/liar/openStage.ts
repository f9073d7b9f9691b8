import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Network, openWorkerAccounts, status } from '@gleaner/localnet';
import { GleanerError } from '@gleaner/primitives';
import { parseMisbehaviour } from '@gleaner/worker/misbehaviour';
import type { Printer } from '../../output/printer.ts';
import type { Liar, Stage, StageWorker } from './Stage.ts';

/** Three honest ones must agree at trust 5, and four when one lies. */
const WORKERS = 5;
/** Lies only once it has a score, so that it has one to lose. */
const MISBEHAVIOURS = { 'worker-5': 'wrong-result:from-score-1' };

/**
 * The network of the data folder when it runs with a worker that gives wrong results; otherwise one of its own in a folder of the system for
 * temporary files, which is stopped and removed at the end.
 * @throws {GleanerError} as `up`
 */
export async function openStage(dataDir: string, { printer, signal }: { printer: Printer; signal: AbortSignal }): Promise<Stage> {
  const { state, network, parts } = await status(dataDir);
  if (state === 'ready' && network !== undefined) {
    const told = Object.fromEntries(
      parts.filter(({ name }) => /^worker-\d+$/.test(name)).map(({ name, misbehaviour }) => [name, misbehaviour]),
    );
    const workers = await workersOf(dataDir, told);
    const liar = workers.find(isLiar);
    if (liar !== undefined) return { network, workers, liar, own: false, close: async () => undefined };
    printer.note(`No worker of the network in ${dataDir} gives wrong results, so the demo starts one of its own`);
  }
  return await openOwnStage({ printer, signal });
}

async function openOwnStage({ printer, signal }: { printer: Printer; signal: AbortSignal }): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-liar-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    printer.note(`Starting ${WORKERS} workers, of which worker-5 will lie…`);
    // The services take a third of the time that a command needs to start, and few commands run them.
    const { startNetwork } = await import('../../network/startNetwork.ts');
    const running = await startNetwork({ dataDir: folder, workers: WORKERS, misbehaviours: MISBEHAVIOURS, portal: false, signal });
    const close = async () => {
      await running.close();
      await remove();
    };
    return await stageOf(running.network, folder, close).catch(async (error) => {
      await close();
      throw error;
    });
  } catch (error) {
    await remove();
    throw error;
  }
}

async function stageOf(network: Network, dataDir: string, close: () => Promise<void>): Promise<Stage> {
  const told = Object.fromEntries(Array.from({ length: WORKERS }, (_, index) => [`worker-${index + 1}`, undefined]));
  const workers = await workersOf(dataDir, { ...told, ...MISBEHAVIOURS });
  const liar = workers.find(isLiar);
  if (liar === undefined) throw new GleanerError('invariant-broken', 'The network of the demo has no liar');
  return { network, workers, liar, own: true, close };
}

/** @param told by name; worker-1 to worker-<n> */
async function workersOf(dataDir: string, told: Readonly<Record<string, string | undefined>>): Promise<StageWorker[]> {
  const accounts = await openWorkerAccounts(dataDir, Object.keys(told).length);
  return accounts.map(({ name, address }) => {
    const text = told[name];
    return { name, address, ...(text === undefined ? {} : { misbehaviour: parseMisbehaviour(text) }) };
  });
}

const isLiar = (worker: StageWorker): worker is Liar => worker.misbehaviour?.kind === 'wrong-result';
