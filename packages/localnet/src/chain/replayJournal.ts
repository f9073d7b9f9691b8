import { setTimeout as sleep } from 'node:timers/promises';
import { isGleanerError } from '@gleaner/primitives';
import type { Journal, JournalEntry } from '../front/journal.ts';
import { callRpc, callRpcBatch } from './callRpc.ts';

export interface Replay {
  /** Journalled transactions that the chain had lost and took again. */
  readonly sent: number;
  /** Those it refuses now, e.g. because their nonce is used. */
  readonly refused: number;
}

const BATCH = 200;
/** Transfers that pay for later transactions of the journal may have to be mined first. */
const MAX_PASSES = 5;

/**
 * Sends again, in order of arrival, every journalled transaction that the chain does not know.
 * @throws {GleanerError} chain-unreachable
 */
export async function replayJournal(journal: Journal, adminRpcUrl: string, blockTimeSec: number): Promise<Replay> {
  const lost = await findUnknown(journal.entries(), adminRpcUrl);
  let left = lost;
  for (let pass = 0; pass < MAX_PASSES && left.length > 0; pass += 1) {
    if (pass > 0) await sleep(blockTimeSec * 1000 + 50);
    const refused = await sendInOrder(left, adminRpcUrl);
    const hasProgress = refused.length < left.length;
    left = refused;
    if (!hasProgress) break;
  }
  return { sent: lost.length - left.length, refused: left.length };
}

async function findUnknown(entries: readonly JournalEntry[], adminRpcUrl: string): Promise<JournalEntry[]> {
  const unknown: JournalEntry[] = [];
  for (let from = 0; from < entries.length; from += BATCH) {
    const part = entries.slice(from, from + BATCH);
    const found = await callRpcBatch(
      adminRpcUrl,
      part.map(({ hash }) => ({ method: 'eth_getTransactionByHash', params: [hash] })),
    );
    unknown.push(...part.filter((_, index) => found[index] === null || isGleanerError(found[index])));
  }
  return unknown;
}

/** Entries that the chain refused. */
async function sendInOrder(entries: readonly JournalEntry[], adminRpcUrl: string): Promise<JournalEntry[]> {
  const refused: JournalEntry[] = [];
  for (const entry of entries) {
    try {
      await callRpc(adminRpcUrl, 'eth_sendRawTransaction', [entry.raw]);
    } catch (error) {
      if (!isGleanerError(error) || error.code !== 'transaction-rejected') throw error;
      refused.push(entry);
    }
  }
  return refused;
}
