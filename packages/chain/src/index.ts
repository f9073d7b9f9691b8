export type { BlockRef, Chain, ChainIdentity, ChainOptions } from './client/createChain.ts';
export { createChain } from './client/createChain.ts';
export { CREATE2_FACTORY } from './deploy/create2.ts';
export type { Deployment, DeployOptions } from './deploy/deployMarket.ts';
export { deployMarket, predictMarket } from './deploy/deployMarket.ts';
export type { ChainLog } from './events/ChainLog.ts';
export { decodeHubLogs } from './events/decodeHubLogs.ts';
export { assetOfToken, decodeRegistryLogs } from './events/decodeRegistryLogs.ts';
export { decodeMarketLogs, fetchEvents } from './events/fetchEvents.ts';
export type { LogQuery, LogRange } from './events/fetchLogs.ts';
export { fetchLogs } from './events/fetchLogs.ts';
export type { AssetTransfer, EventPlace, HubEvent, HubEventValue, MarketEvent, PolicyUpdate, RegistryEvent } from './events/HubEvent.ts';
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
export { rpcFailure } from './reverts/rpcFailure.ts';
export { formatRevert, revertError, translateRevert } from './reverts/translateRevert.ts';
export { type Call, type ContractCall, encodeCall } from './sender/call.ts';
export { createSender, type Receipt, type Sender, type SenderOptions, type SendOptions, type Submitted } from './sender/createSender.ts';
export { createMemoryOutbox } from './sender/memoryOutbox.ts';
export type { Outbox, OutboxEntry, OutboxStatus, PutAnswer } from './sender/outbox.ts';
