export type { ActionOptions } from './actions/ActionOptions.ts';
export { appointTeeBroker } from './actions/appointTeeBroker.ts';
export { changePolicy, type PolicyInput } from './actions/changePolicy.ts';
export { claim } from './actions/claim.ts';
export { type ContributeInput, contribute } from './actions/contribute.ts';
export { type ContributeAndFinalizeInput, contributeAndFinalize } from './actions/contributeAndFinalize.ts';
export { type CreateAppInput, createApp } from './actions/createApp.ts';
export type { Created } from './actions/createAsset.ts';
export { createCategory } from './actions/createCategory.ts';
export { type CreateDatasetInput, createDataset } from './actions/createDataset.ts';
export { type CreateWorkerpoolInput, createWorkerpool } from './actions/createWorkerpool.ts';
export { type DepositInput, deposit } from './actions/deposit.ts';
export { type DepositAndMatchInput, depositAndMatch } from './actions/depositAndMatch.ts';
export { type DepositForInput, depositFor } from './actions/depositFor.ts';
export { type FinalizeInput, finalize } from './actions/finalize.ts';
export { initializeAndClaimArray } from './actions/initializeAndClaimArray.ts';
export { initializeArray } from './actions/initializeArray.ts';
export { type ManageOrderInput, manageOrder } from './actions/manageOrder.ts';
export { type Match, matchOf } from './actions/matchOf.ts';
export { matchOrders } from './actions/matchOrders.ts';
export { type ReopenInput, reopen } from './actions/reopen.ts';
export { type RevealInput, reveal } from './actions/reveal.ts';
export { sponsorMatchOrders } from './actions/sponsorMatchOrders.ts';
export type { TaskBatches, TaskRange } from './actions/taskBatches.ts';
export { type TopUp, topUpEscrow } from './actions/topUpEscrow.ts';
export { type AssetHandover, transferAsset } from './actions/transferAsset.ts';
export { type TransferInput, transferRlc } from './actions/transferRlc.ts';
export { withdraw } from './actions/withdraw.ts';
export type { BlockRef, Chain, ChainIdentity, ChainOptions } from './client/createChain.ts';
export { createChain } from './client/createChain.ts';
export type { Difference } from './deploy/checkDeployment.ts';
export { CREATE2_FACTORY } from './deploy/create2.ts';
export type { Deployment, DeployOptions } from './deploy/deployMarket.ts';
export { deployMarket } from './deploy/deployMarket.ts';
export type { MarketTerms } from './deploy/MarketTerms.ts';
export { predictMarket } from './deploy/marketOf.ts';
export { type DeploymentPlan, type DeploymentStep, planDeployment } from './deploy/planDeployment.ts';
export { type DeploymentRecord, readDeployment } from './deploy/readDeployment.ts';
export type { ChainLog } from './events/ChainLog.ts';
export { decodeHubLogs } from './events/decodeHubLogs.ts';
export { assetOfToken, decodeRegistryLogs } from './events/decodeRegistryLogs.ts';
export { decodeMarketLogs, fetchEvents } from './events/fetchEvents.ts';
export type { LogQuery, LogRange } from './events/fetchLogs.ts';
export { fetchLogs } from './events/fetchLogs.ts';
export type { AssetTransfer, EventPlace, HubEvent, HubEventValue, MarketEvent, PolicyUpdate, RegistryEvent } from './events/HubEvent.ts';
export { changeAgent, changePriceFloor, executeAsOperator } from './operators/changeOperator.ts';
export { createOperatedPool, type OperatedPool, type OperatedPoolInput } from './operators/createOperatedPool.ts';
export { findOperator, type OperatorInfo, operatorFor, readPoolOwner } from './operators/readOperator.ts';
export { type PoolTransfer, transferPool } from './operators/transferPool.ts';
export { type OperatorWithdrawal, withdrawFromOperator } from './operators/withdrawFromOperator.ts';
export type {
  AppInfo,
  ChainContribution,
  ChainTask,
  ContributionKey,
  DatasetInfo,
  EscrowAccount,
  WorkerpoolInfo,
} from './reads/hubValues.ts';
export type { ReadOptions } from './reads/ReadOptions.ts';
export type { AssetKind, AssetReader } from './reads/readAsset.ts';
export { readAsset } from './reads/readAsset.ts';
export { isGroupMember } from './reads/readGroup.ts';
export type { HubReader, HubSettings, MarketAddresses, OrderSet } from './reads/readHub.ts';
export { readHub } from './reads/readHub.ts';
export type { WalletBalances } from './reads/readWallet.ts';
export { readWallet } from './reads/readWallet.ts';
export type { Revert } from './reverts/decodeRevert.ts';
export { decodeRevertData, findRevert } from './reverts/decodeRevert.ts';
export { MATCH_REFUSALS, type MatchRefusal } from './reverts/matchRefusals.ts';
export { rpcFailure, translateRevert } from './reverts/rpcFailure.ts';
export { formatRevert, revertError } from './reverts/translateRevert.ts';
export { type Call, type ContractCall, encodeCall } from './sender/call.ts';
export { createSender, type Receipt, type Sender, type SenderOptions, type Submitted } from './sender/createSender.ts';
export { createMemoryOutbox } from './sender/memoryOutbox.ts';
export type { Outbox, OutboxEntry, OutboxStatus, PutAnswer } from './sender/outbox.ts';
export type { SendOptions } from './sender/SendOptions.ts';
