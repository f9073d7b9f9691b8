import { hubAbi } from '@gleaner/abi';
import type { Address, Bytes32, DealId, Hex, OrderHash, TaskId } from '@gleaner/primitives';
import type { OrderKind } from '@gleaner/protocol';
import { decodeEventLog } from 'viem';
import { type ChainLog, placeOf } from './ChainLog.ts';
import type { HubEvent, HubEventValue } from './HubEvent.ts';

type Args = Readonly<Record<string, unknown>>;
type Decoder = (args: Args) => HubEventValue;

const ORDER_KINDS_BY_WORD: Readonly<Record<string, OrderKind>> = {
  App: 'app',
  Dataset: 'dataset',
  Workerpool: 'workerpool',
  Request: 'request',
};

const amount = (name: 'Lock' | 'Unlock'): Decoder => {
  return (args) => ({ name, owner: args['owner'] as Address, amount: args['amount'] as bigint });
};
const payment = (name: 'Reward' | 'Seize'): Decoder => {
  return (args) => ({ name, owner: args['owner'] as Address, amount: args['amount'] as bigint, taskId: args['ref'] as TaskId });
};
const ofTask = (name: 'TaskReopen' | 'TaskClaimed'): Decoder => {
  return (args) => ({ name, taskId: args['taskid'] as TaskId });
};
const verdict = (name: 'AccurateContribution' | 'FaultyContribution'): Decoder => {
  return (args) => ({ name, worker: args['worker'] as Address, taskId: args['taskid'] as TaskId });
};

const DECODERS: Readonly<Record<string, Decoder>> = {
  Transfer: (args) => ({ name: 'Transfer', from: args['from'] as Address, to: args['to'] as Address, value: args['value'] as bigint }),
  Approval: (args) => ({
    name: 'Approval',
    owner: args['owner'] as Address,
    spender: args['spender'] as Address,
    value: args['value'] as bigint,
  }),
  Lock: amount('Lock'),
  Unlock: amount('Unlock'),
  Reward: payment('Reward'),
  Seize: payment('Seize'),
  SchedulerNotice: (args) => ({ name: 'SchedulerNotice', workerpool: args['workerpool'] as Address, dealId: args['dealid'] as DealId }),
  OrdersMatched: (args) => ({
    name: 'OrdersMatched',
    dealId: args['dealid'] as DealId,
    appHash: args['appHash'] as OrderHash,
    datasetHash: args['datasetHash'] as OrderHash,
    workerpoolHash: args['workerpoolHash'] as OrderHash,
    requestHash: args['requestHash'] as OrderHash,
    volume: args['volume'] as bigint,
  }),
  DealSponsored: (args) => ({ name: 'DealSponsored', dealId: args['dealId'] as DealId, sponsor: args['sponsor'] as Address }),
  TaskInitialize: (args) => ({ name: 'TaskInitialize', taskId: args['taskid'] as TaskId, workerpool: args['workerpool'] as Address }),
  TaskContribute: (args) => ({
    name: 'TaskContribute',
    taskId: args['taskid'] as TaskId,
    worker: args['worker'] as Address,
    resultHash: args['hash'] as Bytes32,
  }),
  TaskConsensus: (args) => ({ name: 'TaskConsensus', taskId: args['taskid'] as TaskId, consensus: args['consensus'] as Bytes32 }),
  TaskReveal: (args) => ({
    name: 'TaskReveal',
    taskId: args['taskid'] as TaskId,
    worker: args['worker'] as Address,
    digest: args['digest'] as Bytes32,
  }),
  TaskReopen: ofTask('TaskReopen'),
  TaskClaimed: ofTask('TaskClaimed'),
  TaskFinalize: (args) => ({ name: 'TaskFinalize', taskId: args['taskid'] as TaskId, results: args['results'] as Hex }),
  AccurateContribution: verdict('AccurateContribution'),
  FaultyContribution: verdict('FaultyContribution'),
  CreateCategory: (args) => ({
    name: 'CreateCategory',
    categoryId: args['catid'] as bigint,
    categoryName: args['name'] as string,
    description: args['description'] as string,
    workClockTimeRef: args['workClockTimeRef'] as bigint,
  }),
  OwnershipTransferred: (args) => ({
    name: 'OwnershipTransferred',
    previousOwner: args['previousOwner'] as Address,
    newOwner: args['newOwner'] as Address,
  }),
};

/** Logs of the hub → values, in the order given. Logs it does not know are left out. */
export function decodeHubLogs(logs: readonly ChainLog[]): HubEvent[] {
  return logs.flatMap((log) => decodeHubLog(log) ?? []);
}

function decodeHubLog(log: ChainLog): HubEvent | undefined {
  const decoded = decodeKnown(log);
  const value = decoded && (DECODERS[decoded.eventName]?.(decoded.args) ?? decodeOrderEvent(decoded.eventName, decoded.args));
  return value && { ...value, ...placeOf(log) };
}

/** `SignedAppOrder(appHash)`, `ClosedRequestOrder(requestHash)`, `BroadcastDatasetOrder(datasetorder)`, … */
function decodeOrderEvent(eventName: string, args: Args): HubEventValue | undefined {
  const [, verb, word] = /^(Signed|Closed|Broadcast)(App|Dataset|Workerpool|Request)Order$/.exec(eventName) ?? [];
  const kind = word === undefined ? undefined : ORDER_KINDS_BY_WORD[word];
  if (verb === undefined || kind === undefined) return undefined;
  const [argument] = Object.values(args);
  if (verb === 'Broadcast') return { name: 'BroadcastOrder', kind, order: argument as Readonly<Record<string, unknown>> };
  return { name: verb === 'Signed' ? 'SignedOrder' : 'ClosedOrder', kind, orderHash: argument as OrderHash };
}

function decodeKnown(log: ChainLog): { eventName: string; args: Args } | undefined {
  try {
    const { eventName, args } = decodeEventLog({ abi: hubAbi, topics: [...log.topics] as [Hex, ...Hex[]], data: log.data });
    return { eventName, args: (args ?? {}) as Args };
  } catch {
    return undefined;
  }
}
