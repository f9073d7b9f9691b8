import { GleanerError } from '@gleaner/primitives';
import {
  deleteBlocksAbove,
  type Head,
  holdsLease,
  insertBlocks,
  insertConsumed,
  insertEvents,
  insertMoney,
  listSubjectsAbove,
  moveHead,
  notify,
  type Store,
} from '@gleaner/store';
import { toEventRow } from '../events/eventRows.ts';
import { subjectOf } from '../events/subjectOf.ts';
import { foldEvents } from '../projection/applyEvent.ts';
import { loadProjections, refoldProjections } from '../projection/loadProjections.ts';
import { deleteProjections, saveProjections } from '../projection/saveProjections.ts';
import type { LedgerChange } from './LedgerChange.ts';
import { toChange } from './LedgerChange.ts';
import type { Batch } from './readBatch.ts';

/** NOTIFY channel; the payload is empty: whoever hears it looks at the head. */
export const LEDGER_CHANNEL = 'ledger';

/** Who writes: the fence of a leader that was taken over. */
export interface Leader {
  readonly name: string;
  readonly holder: string;
}

type Db = Store['db'];

/**
 * Stores a batch and what it changes, all or nothing.
 * @throws {GleanerError} aborted when somebody else leads or has moved the head
 */
export async function writeBatch(store: Store, leader: Leader, tip: Head, batch: Batch): Promise<LedgerChange> {
  const head = batch.blocks.at(-1) as Head;
  const subjects = [...new Set(batch.events.map(subjectOf))];
  const rewinds = await store.db.transaction().execute(async (trx) => {
    const moved = await takeHead(trx, leader, { from: tip, to: head, rewound: false });
    await insertBlocks(trx, batch.blocks);
    await insertEvents(trx, batch.events.map(toEventRow));
    await insertMoney(trx, batch.money);
    await insertConsumed(trx, batch.consumed);
    await saveProjections(trx, foldEvents(await loadProjections(trx, subjects), batch.events));
    await notify(trx, LEDGER_CHANNEL, '');
    return moved;
  });
  return toChange({ head, rewinds, from: tip.number + 1n, rewound: false, subjects });
}

/** Subjects folded anew at once. */
const REFOLD = 1000;

/**
 * Goes back to `ancestor`, a stored block: deletes what came after it and folds anew what that had touched, all or nothing.
 * @throws {GleanerError} aborted when somebody else leads or has moved the head
 */
export async function rewindTo(store: Store, leader: Leader, tip: Head, ancestor: Head): Promise<LedgerChange> {
  return store.db.transaction().execute(async (trx) => {
    const rewinds = await takeHead(trx, leader, { from: tip, to: ancestor, rewound: true });
    const touched = await listSubjectsAbove(trx, ancestor.number);
    await deleteBlocksAbove(trx, ancestor.number);
    for (let start = 0; start < touched.length; start += REFOLD) {
      const some = touched.slice(start, start + REFOLD);
      await deleteProjections(trx, some);
      await saveProjections(trx, await refoldProjections(trx, some));
    }
    await notify(trx, LEDGER_CHANNEL, '');
    return toChange({ head: ancestor, rewinds, from: ancestor.number + 1n, rewound: true, subjects: touched });
  });
}

/** @returns how many reorganisations were followed so far */
async function takeHead(trx: Db, leader: Leader, { from, to, rewound }: { from: Head; to: Head; rewound: boolean }): Promise<bigint> {
  if (!(await holdsLease(trx, leader))) throw new GleanerError('aborted', 'Another ledger leads');
  const rewinds = await moveHead(trx, { from: from.hash, to, rewound });
  if (rewinds === undefined) throw new GleanerError('aborted', 'Another ledger has moved the head');
  return rewinds;
}
