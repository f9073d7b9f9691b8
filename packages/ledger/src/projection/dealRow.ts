import type { DealRow } from '@gleaner/store';
import type { LedgerEvent } from '../events/LedgerEvent.ts';
import { lower } from '../events/lower.ts';

export function dealRow(event: Extract<LedgerEvent, { name: 'OrdersMatched' }>): DealRow {
  const { deal } = event;
  return {
    dealId: lower(event.dealId),
    blockNumber: event.blockNumber,
    logIndex: event.logIndex,
    blockTimestamp: event.blockTimestamp,
    transactionHash: event.transactionHash,
    app: lower(deal.app.pointer),
    appOwner: lower(deal.app.owner),
    appPrice: deal.app.price,
    dataset: lower(deal.dataset.pointer),
    datasetOwner: lower(deal.dataset.owner),
    datasetPrice: deal.dataset.price,
    workerpool: lower(deal.workerpool.pointer),
    workerpoolOwner: lower(deal.workerpool.owner),
    workerpoolPrice: deal.workerpool.price,
    trust: deal.trust,
    category: deal.category,
    tag: lower(deal.tag),
    requester: lower(deal.requester),
    beneficiary: lower(deal.beneficiary),
    callback: lower(deal.callback),
    params: deal.params,
    startTime: deal.startTime,
    botFirst: deal.botFirst,
    botSize: deal.botSize,
    workerStake: deal.workerStake,
    schedulerRewardRatio: deal.schedulerRewardRatio,
    sponsor: lower(deal.sponsor),
    appHash: lower(event.appHash),
    datasetHash: lower(event.datasetHash),
    workerpoolHash: lower(event.workerpoolHash),
    requestHash: lower(event.requestHash),
  };
}
