export type { AppInfo, DatasetInfo, Receipt as TransactionReceipt, WorkerpoolInfo } from '@gleaner/chain';
export type { Address, Bytes32, Cid, DealId, Hex, OrderHash, ReasonCode, TaskId } from '@gleaner/primitives';
export { GleanerError, isGleanerError } from '@gleaner/primitives';
export {
  confidenceOf,
  ENCLAVE_TAG,
  hashOrder,
  joinArgs,
  type RequestParams,
  type Signed,
  trustOf,
  verifyReceipt,
} from '@gleaner/protocol';
export { type AccountRecord, getAccount } from './account/getAccount.ts';
export { deposit, transfer, withdraw } from './account/moveFunds.ts';
export { type AssetInfo, getAsset } from './assets/getAsset.ts';
export { type AssetHandover, type PoolTransfer, transferAsset, transferWorkerpool } from './assets/transferAsset.ts';
export type { CallSettings } from './calls/CallSettings.ts';
export { createGleaner, type Gleaner, type GleanerOptions, type NetworkDescription } from './createGleaner.ts';
export { decryptDataset, type EncryptedDataset, encryptDataset, generateDatasetKey } from './datasets/encryptDataset.ts';
export { type PublishDataset, type PublishedDataset, publishDataset } from './datasets/publishDataset.ts';
export { type RegisteredDataset, registerDataset } from './datasets/registerDataset.ts';
export { getDeal } from './deals/getDeal.ts';
export { type DealPart, type DealParts, listParts } from './deals/listParts.ts';
export { placeOf, withRetries } from './deals/withRetries.ts';
export { authorize } from './orders/authorize.ts';
export { cancelOrder } from './orders/cancelOrder.ts';
export {
  createAppOrder,
  createDatasetOrder,
  createRequestOrder,
  createWorkerpoolOrder,
  type DatasetRestrictions,
  type RequestTerms,
  randomSalt,
  type SaleTerms,
} from './orders/createOrders.ts';
export { type BookQuery, getOrder, listOpenOrders } from './orders/listOpenOrders.ts';
export { publishOrder } from './orders/publishOrder.ts';
export { signOrder } from './orders/signOrder.ts';
export { withdrawOrder } from './orders/withdrawOrder.ts';
export { authorizeAtScheduler } from './pools/authorizeAtScheduler.ts';
export {
  changePoolAgent,
  changePoolFloor,
  depositStake,
  getPoolOwner,
  type OperatedPoolTerms,
  type PoolOwner,
  registerOperatedPool,
  type StakeMove,
  withdrawStake,
} from './pools/operatedPool.ts';
export { type OfferTerms, publishOffer, type RegisteredWorkerpool, registerWorkerpool } from './pools/publishOffer.ts';
export { serveWorkerpool } from './pools/serveWorkerpool.ts';
export { findSchedulerUrl, type WorkerpoolStatus, workerpoolStatus } from './pools/workerpoolStatus.ts';
export { addContent, fetchContent } from './programs/addContent.ts';
export { fetchProgram } from './programs/fetchProgram.ts';
export { type Program, type PublishedApp, publishApp, type RegisteredApp, registerProgram, signAppOrder } from './programs/publishApp.ts';
export type { AnchoredBlock, NodeAnswer } from './receipts/askNode.ts';
export { type BuiltReceipt, buildReceipt } from './receipts/buildReceipt.ts';
export { buildTrie } from './receipts/buildTrie.ts';
export { type CheckedReceipt, type CheckOptions, checkReceipt } from './receipts/checkReceipt.ts';
export { decryptResult } from './results/decryptResult.ts';
export {
  type AgreedResult,
  agreedResult,
  type FetchedResult,
  fetchAgreed,
  fetchResult,
  listResultFiles,
  type ResultEntry,
  type ResultKey,
} from './results/fetchResult.ts';
export { generateResultKey, type ResultKeyPair } from './results/generateResultKey.ts';
export { matchRun } from './run/matchRun.ts';
export { type PreparedRun, prepareRun, type RunInput } from './run/prepareRun.ts';
export { type Quote, type QuoteRequest, quoteRun } from './run/quoteRun.ts';
export { assertCanPay, type MatchedRun, startRun } from './run/startRun.ts';
export { hasSecret } from './secrets/hasSecret.ts';
export { type PushSecret, pushSecret } from './secrets/pushSecret.ts';
export { RESULT_KEY_NAME, type SecretPlace } from './secrets/SecretPlace.ts';
export { type ClaimedDeal, claimDeal } from './tasks/claimDeal.ts';
export { type ContributionRecord, getTask, type Payout, type Role, type TaskRecord } from './tasks/getTask.ts';
export { getPoolTaskView, getTaskLogs, type TaskLogs } from './tasks/poolTask.ts';
export { type DealSnapshot, type TaskSnapshot, type WatchOptions, watchDeal } from './tasks/watchDeal.ts';
