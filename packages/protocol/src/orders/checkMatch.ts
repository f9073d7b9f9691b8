import { type Address, type Details, ZERO_ADDRESS } from '@gleaner/primitives';
import { workerStake } from '../classic/stakes.ts';
import { dealTag, isTeeTag, missingTagBits, tagIncludes } from '../tags.ts';
import { withoutPanic } from '../uint256.ts';
import { dealVolume } from './dealVolume.ts';
import { type Asset, hasDataset, type MatchView } from './MatchView.ts';
import { matchAmounts } from './matchAmounts.ts';
import { type MatchCode, type MatchCondition, type MatchIssue, matchIssue } from './matchIssues.ts';
import type { OrderKind } from './orderSchema.ts';
import { isAllowed } from './restriction.ts';

type Check = readonly [code: MatchCode | MatchCondition, holds: boolean, message: string, values: Details];

const issuesOf = (checks: readonly Check[]): MatchIssue[] =>
  checks.filter(([, holds]) => !holds).map(([code, , message, values]) => matchIssue(code, message, values));

/**
 * Everything that keeps these orders from matching, in the order in which the hub checks; empty when they match.
 * The first issue is the one the hub reverts with. Funds are checked when the volume is above zero.
 * Source: protocol reference 4.1.
 */
export function checkMatch(view: MatchView): MatchIssue[] {
  return [
    ...issuesOf(termChecks(view)),
    ...issuesOf(tagChecks(view)),
    ...issuesOf(assetChecks(view)),
    ...issuesOf(restrictionChecks(view)),
    ...issuesOf(signatureChecks(view)),
    ...volumeIssues(view),
  ];
}

function termChecks({ appOrder, datasetOrder, workerpoolOrder, requestOrder, categoryCount }: MatchView): Check[] {
  return [
    [
      '0x00',
      requestOrder.category === workerpoolOrder.category,
      `The request asks for category ${requestOrder.category}, the workerpool serves category ${workerpoolOrder.category}`,
      { requested: requestOrder.category, offered: workerpoolOrder.category },
    ],
    [
      '0x01',
      requestOrder.category < categoryCount,
      `Category ${requestOrder.category} does not exist; there are ${categoryCount}, counted from 0`,
      { category: requestOrder.category, categoryCount },
    ],
    [
      '0x02',
      requestOrder.trust <= workerpoolOrder.trust,
      `The request asks for trust ${requestOrder.trust}, the workerpool offers at most ${workerpoolOrder.trust}`,
      { requested: requestOrder.trust, offered: workerpoolOrder.trust },
    ],
    priceCheck('0x03', 'app', appOrder.appprice, requestOrder.appmaxprice),
    priceCheck('0x04', 'dataset', datasetOrder.datasetprice, requestOrder.datasetmaxprice),
    priceCheck('0x05', 'workerpool', workerpoolOrder.workerpoolprice, requestOrder.workerpoolmaxprice),
  ];
}

function priceCheck(code: MatchCode, kind: OrderKind, price: bigint, maximum: bigint): Check {
  return [code, price <= maximum, `The ${kind} costs ${price} nRLC, the request pays at most ${maximum} nRLC`, { price, maximum }];
}

function tagChecks({ appOrder, datasetOrder, workerpoolOrder, requestOrder }: MatchView): Check[] {
  const tag = dealTag({ app: appOrder.tag, dataset: datasetOrder.tag, request: requestOrder.tag });
  const missing = missingTagBits(workerpoolOrder.tag, tag);
  return [
    [
      '0x06',
      tagIncludes(workerpoolOrder.tag, tag),
      `The workerpool order lacks the tag bits ${missing}`,
      { demanded: tag, offered: workerpoolOrder.tag, missing },
    ],
    [
      '0x07',
      isTeeTag(tag) === isTeeTag(appOrder.tag),
      'The request or the dataset asks for an enclave (tag bit 0), the app order does not',
      { demanded: tag, offered: appOrder.tag },
    ],
  ];
}

function assetChecks({ appOrder, datasetOrder, requestOrder }: MatchView): Check[] {
  return [
    [
      '0x10',
      requestOrder.app === appOrder.app,
      `The request names app ${requestOrder.app}, the app order is for ${appOrder.app}`,
      { requested: requestOrder.app, offered: appOrder.app },
    ],
    [
      '0x11',
      requestOrder.dataset === datasetOrder.dataset,
      `The request names dataset ${requestOrder.dataset}, the dataset order is for ${datasetOrder.dataset}`,
      { requested: requestOrder.dataset, offered: datasetOrder.dataset },
    ],
  ];
}

function restrictionChecks({ appOrder, datasetOrder, workerpoolOrder, requestOrder, groupAllows }: MatchView): Check[] {
  const { app } = appOrder;
  const { dataset } = datasetOrder;
  const { workerpool } = workerpoolOrder;
  const { requester } = requestOrder;
  const check = (code: MatchCode, by: OrderKind, subject: string, restriction: Address, candidate: Address): Check => [
    code,
    isAllowed(restriction, candidate, groupAllows),
    `The ${by} order admits only the ${subject} ${restriction} or its group, not ${candidate}`,
    { restriction, candidate },
  ];
  return [
    check('0x12', 'request', 'workerpool', requestOrder.workerpool, workerpool),
    check('0x13', 'app', 'dataset', appOrder.datasetrestrict, dataset),
    check('0x14', 'app', 'workerpool', appOrder.workerpoolrestrict, workerpool),
    check('0x15', 'app', 'requester', appOrder.requesterrestrict, requester),
    check('0x16', 'dataset', 'app', datasetOrder.apprestrict, app),
    check('0x17', 'dataset', 'workerpool', datasetOrder.workerpoolrestrict, workerpool),
    check('0x18', 'dataset', 'requester', datasetOrder.requesterrestrict, requester),
    check('0x19', 'workerpool', 'app', workerpoolOrder.apprestrict, app),
    check('0x1a', 'workerpool', 'dataset', workerpoolOrder.datasetrestrict, dataset),
    check('0x1b', 'workerpool', 'requester', workerpoolOrder.requesterrestrict, requester),
  ];
}

function signatureChecks(view: MatchView): Check[] {
  const { appOrder, datasetOrder, workerpoolOrder, requestOrder, states } = view;
  return [
    ...entryChecks('app', appOrder.app, view.app, ['app-not-deployed', '0x20', '0x21'], states.app.signature),
    ...(hasDataset(view)
      ? entryChecks('dataset', datasetOrder.dataset, view.dataset, ['dataset-not-deployed', '0x30', '0x31'], states.dataset.signature)
      : []),
    ...entryChecks(
      'workerpool',
      workerpoolOrder.workerpool,
      view.workerpool,
      ['workerpool-not-deployed', '0x40', '0x41'],
      states.workerpool.signature,
    ),
    signatureCheck('request', '0x50', requestOrder.requester, states.request.signature),
  ];
}

type EntryCodes = readonly [notDeployed: MatchCondition, notRegistered: MatchCode, notSigned: MatchCode];

/** `owner()` is asked before the registry, so an address without code fails without a reason. */
function entryChecks(kind: OrderKind, entry: Address, asset: Asset, codes: EntryCodes, signature: SignatureState): Check[] {
  const [notDeployed, notRegistered, notSigned] = codes;
  if (asset.owner === undefined) {
    return [[notDeployed, false, `There is no ${kind} at ${entry}: the address does not answer owner()`, { entry }]];
  }
  return [
    [notRegistered, asset.registered, `${entry} is not in the ${kind} registry`, { entry }],
    signatureCheck(kind, notSigned, asset.owner, signature),
  ];
}

type SignatureState = MatchView['states'][OrderKind]['signature'];

function signatureCheck(kind: OrderKind, code: MatchCode, signer: Address, signature: SignatureState): Check {
  if (signature === 'bad-length') {
    return ['signature-format', false, `The signature of the ${kind} order must have 64 or 65 bytes`, { kind, signer }];
  }
  return [code, signature === 'valid', `The ${kind} order is not signed by ${signer}`, { kind, signer }];
}

function volumeIssues(view: MatchView): MatchIssue[] {
  const volume = dealVolume(view);
  if (volume > 0n) return fundIssues(view, volume);
  const usedUp = (['app', 'dataset', 'workerpool', 'request'] as const).filter((kind) => isUsedUp(view, kind));
  return [matchIssue('0x60', `No volume is left in the ${usedUp.join(' and ')} order`, { usedUp: usedUp.join(',') })];
}

function isUsedUp(view: MatchView, kind: OrderKind): boolean {
  const { volume } = view[`${kind}Order`];
  return (kind !== 'dataset' || hasDataset(view)) && view.states[kind].consumed >= volume;
}

function fundIssues(view: MatchView, volume: bigint): MatchIssue[] {
  if (overflows(() => workerStake(view.workerpoolOrder.workerpoolprice, view.workerpool.workerStakeRatio))) {
    return [matchIssue('amount-overflow', 'The worker stake of these orders exceeds 2^256 − 1', { volume })];
  }
  return [...sponsorIssues(view, volume), ...poolOwnerIssues(view, volume)];
}

function sponsorIssues(view: MatchView, volume: bigint): MatchIssue[] {
  const { sponsor } = view;
  if (overflows(() => matchAmounts(view, volume).price)) {
    return [matchIssue('amount-overflow', 'The price of these orders times their volume exceeds 2^256 − 1', { volume })];
  }
  if (sponsor === ZERO_ADDRESS) return [matchIssue('sponsor-missing', 'The zero address cannot pay', { sponsor })];
  const needed = matchAmounts(view, volume).price;
  return balanceIssues('sponsor-balance', sponsor, view.balanceOf(sponsor), needed);
}

function poolOwnerIssues(view: MatchView, volume: bigint): MatchIssue[] {
  const { owner } = view.workerpool;
  if (owner === undefined) return [];
  if (overflows(() => matchAmounts(view, volume).stake)) {
    return [matchIssue('amount-overflow', 'The stake of the workerpool times the volume exceeds 2^256 − 1', { volume })];
  }
  const { stake } = matchAmounts(view, volume);
  const spent = owner === view.sponsor && !overflows(() => matchAmounts(view, volume).price) ? matchAmounts(view, volume).price : 0n;
  const balance = view.balanceOf(owner);
  return balanceIssues('workerpool-balance', owner, balance > spent ? balance - spent : 0n, stake);
}

function balanceIssues(code: MatchCondition, account: Address, balance: bigint, needed: bigint): MatchIssue[] {
  if (balance >= needed) return [];
  return [
    matchIssue(code, `${account} has ${balance} nRLC in escrow and must lock ${needed} nRLC: ${needed - balance} nRLC are missing`, {
      account,
      balance,
      needed,
    }),
  ];
}

const overflows = (compute: () => bigint): boolean => withoutPanic(compute) === undefined;
