import type { Selectable } from 'kysely';
import type { LeaseTable } from './lease/rows.ts';
import type {
  AssetRow,
  BlockRow,
  CategoryRow,
  ChainTable,
  ConsumedRow,
  ContributionRow,
  DealRow,
  EventRow,
  MoneyRow,
  TaskRow,
} from './ledger/rows.ts';
import type { ChallengeTable, OrderRecordTable } from './orderbook/rows.ts';
import type { OutboxTable } from './outbox/rows.ts';
import type { PoolTaskTable, ReplicateTable, ServedPoolTable, TaskLogTable, WorkerTable } from './scheduler/rows.ts';
import type { EnclaveNonceTable, EnclaveReleaseTable, SecretLogRow, SecretTable } from './secrets/rows.ts';

/** Every table, in camelCase; the columns of the database are the same in snake_case. */
export interface Database {
  chain: ChainTable;
  block: BlockRow;
  event: EventRow;
  money: MoneyRow;
  consumed: ConsumedRow;
  deal: DealRow;
  task: TaskRow;
  contribution: ContributionRow;
  asset: AssetRow;
  category: CategoryRow;
  orderRecord: OrderRecordTable;
  challenge: ChallengeTable;
  poolTask: PoolTaskTable;
  worker: WorkerTable;
  replicate: ReplicateTable;
  taskLog: TaskLogTable;
  servedPool: ServedPoolTable;
  outbox: OutboxTable;
  lease: LeaseTable;
  secret: SecretTable;
  secretLog: SecretLogRow;
  enclaveNonce: EnclaveNonceTable;
  enclaveRelease: EnclaveReleaseTable;
}

export type ChainRow = Selectable<ChainTable>;
export type PoolTaskRow = Selectable<PoolTaskTable>;
export type WorkerRow = Selectable<WorkerTable>;
export type ReplicateRow = Selectable<ReplicateTable>;
export type TaskLogRow = Selectable<TaskLogTable>;
