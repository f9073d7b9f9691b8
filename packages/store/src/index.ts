export type { ChainRow, Database, PoolTaskRow, ReplicateRow, TaskLogRow, WorkerRow } from './Database.ts';
export { EMBEDDED_FORMAT } from './embedded/embeddedFormat.ts';
export * from './lease/leases.ts';
export { type HeldLease, withLease } from './lease/withLease.ts';
export * from './ledger/blocks.ts';
export * from './ledger/chain.ts';
export * from './ledger/projections.ts';
export { type LedgerMoment, readMoment } from './ledger/readMoment.ts';
export * from './ledger/reads.ts';
export type * from './ledger/rows.ts';
export { notify } from './notify/notify.ts';
export { openStore, type Store, type StoreOptions } from './openStore.ts';
export * from './orderbook/challenges.ts';
export { type ChangedOrder, listChangedOrders } from './orderbook/changedOrders.ts';
export {
  countOpenOrders,
  findOrder,
  findOrders,
  killOpenOrders,
  type OrderSelection,
  type PublishAnswer,
  publishOrder,
  publishOrders,
  settleOrder,
} from './orderbook/orders.ts';
export type { NewOrder, OrderRecord, OrderStatus } from './orderbook/rows.ts';
export * from './outbox/outbox.ts';
export { type ChangedTasks, listTaskIdsChangedSince } from './scheduler/changes.ts';
export * from './scheduler/logs.ts';
export * from './scheduler/replicateStatus.ts';
export * from './scheduler/replicates.ts';
export { ENDED_STATES, type StateChange } from './scheduler/rows.ts';
export * from './scheduler/servedPools.ts';
export * from './scheduler/tasks.ts';
export * from './scheduler/workers.ts';
export { burnNonce, type CurrentRelease, claimRelease, closeRelease, type EnclaveRelease, purgeNonces } from './secrets/enclaves.ts';
export { findLastLogRow, insertLogRow, listLogEvents, listLogRows, lockSecretLog } from './secrets/log.ts';
export {
  listAnswers,
  listSecrets,
  resealAnswer,
  resealSecret,
  type StoredAnswer,
  type StoredSecret,
} from './secrets/reseal.ts';
export type { SealedSecret, SecretId, SecretKind, SecretLogRow } from './secrets/rows.ts';
export { countSecrets, findSecret, hasSecret, insertSecret, replaceSecret } from './secrets/secrets.ts';
export { inTransaction, type Transaction } from './sql/inTransaction.ts';
export { cleanText } from './sql/toJsonText.ts';
