export {
  type AcceptanceThresholds,
  acceptanceThresholds,
  isEnough,
  MAX_PASSED,
  maxSeats,
  seatsWithoutCredibility,
} from './assured/acceptance.ts';
export { applyBatchEvent } from './assured/batch/applyBatchEvent.ts';
export type { BatchEvent, BatchOutcome, Refusal } from './assured/batch/BatchEvent.ts';
export type {
  AcceptanceRecord,
  BatchPhase,
  BatchState,
  DisputeClaim,
  OperatorAccount,
  Seat,
  Signer,
  Vote,
} from './assured/batch/BatchState.ts';
export { type BatchRules, type BatchTerms, batchLock } from './assured/batch/BatchTerms.ts';
export { type BatchPlan, type BatchView, decideBatch } from './assured/batch/decideBatch.ts';
export { balance, held, type Ledger, type Pot } from './assured/batch/ledger.ts';
export { openBatch } from './assured/batch/openBatch.ts';
export { type BatchId, type BatchRange, batchCount, batchId, batchOfTask, batchRange } from './assured/batches.ts';
export { disputeBond, leastSeatBond, operatorCapacity, requiredBond } from './assured/bond.ts';
export { busyWeight } from './assured/busyWeight.ts';
export {
  type AssuredMatchCode,
  type AssuredMatchIssue,
  type AssuredMatchOutcome,
  type AssuredMatchPlan,
  type AssuredMatchView,
  type ClassView,
  checkAssuredMatch,
} from './assured/checkAssuredMatch.ts';
export { checkDraw, type DrawFault, type PathWord } from './assured/checkDraw.ts';
export { addCredibility, CREDIBILITY_UNIT, checkCredit, creditOfSeat, MAX_CREDIBILITY } from './assured/credibility.ts';
export { drawReferees, refereeDrawValue } from './assured/drawReferees.ts';
export { type Candidate, drawSeat, drawValue, MAX_SKIPS, type SeatDraw } from './assured/drawSeat.ts';
export { escrowFor, stepFees, type TaskPrices } from './assured/escrow.ts';
export { batchProof, batchRoot, isInBatch, taskLeaf } from './assured/merkle.ts';
export { encodeNode, MAX_TOTAL_WEIGHT } from './assured/nodeWord.ts';
export { hashOperatorMessage, type OperatorMessage, type OperatorMessages } from './assured/operatorMessages.ts';
export { nextPriceFloor } from './assured/priceFloor.ts';
export {
  MAX_REFEREE_DRAWS,
  nextCommittee,
  type RefereeRule,
  type RefereeVerdict,
  refereeLead,
  refereeRule,
  refereeVerdict,
} from './assured/referee.ts';
export {
  type AssuredOffer,
  type AssuredRegime,
  declaredValue,
  encodeAssuredOffer,
  encodeRegime,
  matchRegime,
  type Regime,
  type RegimeFault,
  readRegime,
} from './assured/regime.ts';
export { isSampled, SAMPLING_FLOOR, SAMPLING_UNIT, samplingPoint, samplingRate } from './assured/sampling.ts';
export {
  attemptAt,
  attemptDeadline,
  attemptStart,
  batchDeadline,
  committeeDeadline,
  disputeDeadline,
  epochOf,
  graceDeadline,
  openingDeadline,
  roundSpans,
  unbondedAt,
  windowEnd,
} from './assured/schedule.ts';
export { type Opening, opens, SEAL_TYPEHASH, type Seal, type SeatKey, sealOf } from './assured/seal.ts';
export { divideSeatPay, MAX_SCHEDULER_PERCENT, silencePenalty } from './assured/seatPay.ts';
export { HOSTILE_SHARE_NAMES, HOSTILE_SHARES, type HostileShare } from './assured/shares.ts';
export { countSilence, isSilentTooOften, type Silences } from './assured/silence.ts';
export { opensVote, VOTE_SEAL_TYPEHASH, type VoteKey, type VoteOpening, voteSealOf } from './assured/voteSeal.ts';
export {
  drawPath,
  EMPTY_WEIGHTS,
  findOperator,
  MAX_OPERATORS,
  setWeight,
  totalWeight,
  type WeightTree,
  weightOf,
} from './assured/weightTree.ts';
export { BULK_RULES, BULK_VOLUME, type BulkOrderView, type BulkRule, checkBulkOrder } from './bulk/checkBulkOrder.ts';
export { bulkSliceOf, decodeBulkIndex, MAX_BULK_INDEX_BYTES } from './bulk/decodeBulkIndex.ts';
export { decodeBulkSlice, MAX_BULK_SLICE_BYTES, MAX_DATASETS_PER_TASK } from './bulk/decodeBulkSlice.ts';
export type { Category } from './categories.ts';
export { STANDARD_CATEGORIES } from './categories.ts';
export { checksumAddress, isAddressText } from './checksumAddress.ts';
export type { Votes } from './classic/consensus.ts';
export { addVote, consensusReached, logWeight, reachableTrust, requiredWorkers, workerWeight } from './classic/consensus.ts';
export type { ChainTaskStatus, ContributionStatus } from './classic/constants.ts';
export {
  CHAIN_TASK_STATUSES,
  CONTRIBUTION_DEADLINE_RATIO,
  CONTRIBUTION_STATUSES,
  DEFAULT_CALLBACK_GAS,
  DEFAULT_SCHEDULER_REWARD_RATIO,
  DEFAULT_WORKER_STAKE_RATIO,
  FINAL_DEADLINE_RATIO,
  GROUPMEMBER_PURPOSE,
  HUB_DECIMALS,
  HUB_NAME,
  HUB_SYMBOL,
  KITTY_ADDRESS,
  KITTY_MIN,
  KITTY_RATIO,
  REVEAL_DEADLINE_RATIO,
  SCORE_DIVISOR,
  WORKERPOOL_STAKE_RATIO,
} from './classic/constants.ts';
export { deadlines, revealDeadline } from './classic/deadlines.ts';
export { decideTask } from './classic/decideTask.ts';
export { kittyShare } from './classic/kitty.ts';
export { DETERMINISTIC_FAILURES, SUPPLY_FAILURES } from './classic/programFailure.ts';
export type { ReplicateStatus } from './classic/replicateStatus.ts';
export { isUploading, mayBecome, nextReplicateStatuses, REPLICATE_PROGRESS, REPLICATE_STATUSES } from './classic/replicateStatus.ts';
export { replicatesNeeded } from './classic/replicatesNeeded.ts';
export { scoreAfterFault, scoreAfterSuccess } from './classic/scores.ts';
export type { SettledContribution, Settlement, SettleView } from './classic/settle.ts';
export { settle } from './classic/settle.ts';
export { poolStake, workerStake } from './classic/stakes.ts';
export { lateReplicates } from './classic/stragglers.ts';
export type {
  CandidateView,
  ChainTaskView,
  ContributionView,
  Expired,
  PoolLimits,
  ReplicateView,
  TaskEffect,
  TaskPlan,
  TaskView,
} from './classic/TaskView.ts';
export { TASK_EFFECTS } from './classic/TaskView.ts';
export type { TaskState } from './classic/taskState.ts';
export { TASK_STATES, taskState } from './classic/taskState.ts';
export { applyCall } from './classic/twin/applyCall.ts';
export type { CallOutcome, MarketCall, OrdersToMatch, SignedBy } from './classic/twin/MarketCall.ts';
export type { Account, AssetRecord, ContributionRecord, MarketState, TaskRecord } from './classic/twin/MarketState.ts';
export { accountOf, openMarket } from './classic/twin/MarketState.ts';
export { confidenceOf, trustOf } from './confidence.ts';
export { contentIdOf } from './contentIdOf.ts';
export { HIGHEST_DEVELOPMENT_CHAIN_ID, isDevelopmentChain, LOWEST_DEVELOPMENT_CHAIN_ID } from './developmentChains.ts';
export { enclaveNotice, SIMULATED, SIMULATED_ENCLAVE } from './enclaveNotice.ts';
export { ENCLAVE_TAG, isEndedByOneEnclave } from './enclaveTag.ts';
export { bulkEnvironment, type ExecutionFacts, executionEnvironment } from './executionEnvironment.ts';
export { type ExecutionLimits, executionLimits } from './executionLimits.ts';
export { addressField, bytes32Field, bytesField, uint256Field } from './fields.ts';
export type { CategoryEvent, HubEvent, MatchEvent, MoneyEvent, OrderEvent, TaskEvent } from './hubEvents.ts';
export { TASK_EVENTS } from './hubEvents.ts';
export { authorizationHash, dealId, enclaveHash, personalSignDigest, resultHash, resultSeal, taskId } from './ids.ts';
export { inputName } from './inputName.ts';
export { MAX_ARCHIVE_BYTES, MAX_INPUT_BYTES, MAX_LOG_CHARS } from './limits.ts';
export { decodeMultiaddr, encodeMultiaddr } from './multiaddr.ts';
export { stateAuthorization, stateLogin, stateOrder } from './operators/statements.ts';
export { checkMatch } from './orders/checkMatch.ts';
export { dealVolume } from './orders/dealVolume.ts';
export { hashDomain, hashOperation, hashOrder, hashOrderStruct } from './orders/hashOrder.ts';
export type { Asset, Deal, MatchView, OrderState, Resource, WorkerpoolAsset } from './orders/MatchView.ts';
export { NULL_DATASET_ORDER } from './orders/MatchView.ts';
export { matchAmounts, taskPrice } from './orders/matchAmounts.ts';
export type { MatchCode, MatchCondition, MatchIssue } from './orders/matchIssues.ts';
export { MATCH_CODES, MATCH_CONDITIONS } from './orders/matchIssues.ts';
export type { Lock, MatchPlan } from './orders/matchPlan.ts';
export { matchPlan } from './orders/matchPlan.ts';
export type {
  AppOrder,
  DatasetOrder,
  OrderKind,
  Orders,
  RequestOrder,
  Signed,
  SignedWireOrder,
  WireOrder,
  WorkerpoolOrder,
} from './orders/orderSchema.ts';
export {
  decodeOrder,
  decodeSignedOrder,
  encodeOrder,
  encodeSignedOrder,
  ORDER_KINDS,
  orderSchema,
  signedOrderSchema,
} from './orders/orderSchema.ts';
export type { OrderDomain, OrderOperation, TypedData } from './orders/orderTypes.ts';
export { ORDER_OPERATION, ORDER_TYPE_NAMES, operationTypedData, orderDomain, orderTypedData, orderTypes } from './orders/orderTypes.ts';
export type { GroupAllows } from './orders/restriction.ts';
export { isAllowed } from './orders/restriction.ts';
export type { ParamKey, ParamsIssue, RequestParams } from './params.ts';
export { formatParams, parseParams, readParams, requestParamsSchema } from './params.ts';
export { type ArgumentIssue, checkArguments } from './programs/checkArguments.ts';
export { concatenateParts, joinJsonParts } from './programs/joinParts.ts';
export { embedManifest, readManifest } from './programs/manifestSection.ts';
export type { BagJoin, ProgramManifest, ProgramParameter } from './programs/programManifest.ts';
export { decodeManifest, programManifestSchema } from './programs/programManifest.ts';
export { type BagPart, selectPart } from './programs/selectPart.ts';
export { isProven, type TrieProof } from './receipts/chain/isProven.ts';
export { MAX_LINKED_BLOCKS, type Trust } from './receipts/checkInclusion.ts';
export { decodeOrderSet } from './receipts/decodeOrderSet.ts';
export type { Finding } from './receipts/Findings.ts';
export { encodeReceipt } from './receipts/format/encodeReceipt.ts';
export type { ReadReceipt } from './receipts/format/readReceipt.ts';
export { MAX_RECEIPT_BYTES, readReceipt } from './receipts/format/readReceipt.ts';
export type { Receipt, ReceiptTransaction, Signing } from './receipts/format/receiptSchema.ts';
export type { InclusionCode, RuleCode, SignatureCode } from './receipts/receiptCodes.ts';
export { hubLogs } from './receipts/rules/hubLogs.ts';
export type { InclusionVerdict, ReceiptReport, RulesVerdict, SignaturesVerdict } from './receipts/verifyReceipt.ts';
export { STATED_MEMBERS, verifyReceipt } from './receipts/verifyReceipt.ts';
export { decodeResultLink, encodeResultLink } from './resultLink.ts';
export type { Revert } from './revert.ts';
export { encodeRevert } from './revert.ts';
export { joinArgs, splitArgs } from './splitArgs.ts';
export { type StructMember, structHasher, typedDataDigest } from './structHasher.ts';
export type { TagName } from './tags.ts';
export { dealTag, formatTag, isTeeTag, missingTagBits, parseTag, TAG, tagFromBits, tagIncludes, tagOfNames } from './tags.ts';
export { type InputLocation, type TaskContent, taskContent } from './taskContent.ts';
export { MAX_UINT256, SolidityPanic } from './uint256.ts';
