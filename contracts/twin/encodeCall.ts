import { appRegistryAbi, datasetRegistryAbi, hubAbi, tokenAbi, workerpoolAbi, workerpoolRegistryAbi } from '@gleaner/abi';
import type { Address, Bytes32, Hex, OrderHash } from '@gleaner/primitives';
import { assertNever } from '@gleaner/primitives';
import {
  authorizationHash,
  enclaveHash,
  hashOperation,
  hashOrder,
  type MarketCall,
  ORDER_OPERATION,
  type OrderKind,
  type Orders,
  type OrdersToMatch,
  personalSignDigest,
  resultHash,
  resultSeal,
  type SignedBy,
} from '@gleaner/protocol';
import { type Abi, encodeFunctionData } from 'viem';
import { DOMAIN, ENTRIES, type Entry, NEW_ENTRIES, SYSTEM } from './parties.ts';
import { signDigest } from './signDigest.ts';

/** A call as the chain gets it. */
export interface EncodedCall {
  readonly to: Address;
  readonly data: Hex;
  /** Orders it is about. */
  readonly orders: readonly OrderHash[];
}

type Named<Name extends MarketCall['name']> = Extract<MarketCall, { name: Name }>;
const encode = (abi: unknown, functionName: string, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: abi as Abi, functionName, args });
const onHub = (name: string, args: readonly unknown[], orders: readonly OrderHash[] = []): EncodedCall => ({
  to: SYSTEM.hub,
  data: encode(hubAbi, name, args),
  orders,
});

/** Calldata of a call of the twin; signatures are made with the keys of those who are said to have signed. */
export async function encodeCall(call: MarketCall): Promise<EncodedCall> {
  switch (call.name) {
    case 'deposit':
    case 'withdraw':
      return onHub(call.name, [call.amount]);
    case 'depositFor':
    case 'withdrawTo':
      return onHub(call.name, [call.amount, call.target]);
    case 'transfer':
      return onHub('transfer', [call.to, call.amount]);
    case 'transferFrom':
      return onHub('transferFrom', [call.from, call.to, call.amount]);
    case 'approve':
    case 'increaseAllowance':
    case 'decreaseAllowance':
      return onHub(call.name, [call.spender, call.amount]);
    case 'matchOrders':
    case 'sponsorMatchOrders':
    case 'depositAndMatch':
      return encodeMatch(call);
    case 'manageOrder':
      return encodeManage(call);
    case 'createCategory':
    case 'setTeeBroker':
    case 'createAsset':
    case 'transferAsset':
    case 'changePolicy':
      return encodeAdministration(call);
    default:
      return onHub(call.name, await taskArguments(call));
  }
}

type TaskCall = Exclude<
  MarketCall,
  | Named<'deposit' | 'withdraw' | 'depositFor' | 'withdrawTo' | 'transfer' | 'transferFrom'>
  | Named<'approve' | 'increaseAllowance' | 'decreaseAllowance'>
  | Named<'matchOrders' | 'sponsorMatchOrders' | 'depositAndMatch' | 'manageOrder'>
  | Administration
>;
type Administration = Named<'createCategory' | 'setTeeBroker' | 'createAsset' | 'transferAsset' | 'changePolicy'>;

async function taskArguments(call: TaskCall): Promise<readonly unknown[]> {
  switch (call.name) {
    case 'initialize':
      return [call.dealId, call.index];
    case 'initializeArray':
    case 'initializeAndClaimArray':
      return [call.dealIds, call.indexes];
    case 'claimArray':
      return [call.taskIds];
    case 'reveal':
      return [call.taskId, call.digest];
    case 'reopen':
    case 'claim':
      return [call.taskId];
    case 'finalize':
      return [call.taskId, call.results, call.resultsCallback];
    case 'contribute':
      return [
        call.taskId,
        call.resultHash,
        call.resultSeal,
        call.enclaveChallenge,
        ...(await proofs(call, call.resultHash, call.resultSeal)),
      ];
    case 'contributeAndFinalize': {
      const { taskId, digest, results, resultsCallback, enclaveChallenge, caller } = call;
      const signatures = await proofs(call, resultHash(taskId, digest), resultSeal(caller, taskId, digest));
      return [taskId, digest, results, resultsCallback, enclaveChallenge, ...signatures];
    }
    default:
      return assertNever(call);
  }
}

/** Signatures of the enclave and of whoever let the worker in. */
async function proofs(call: Named<'contribute' | 'contributeAndFinalize'>, hash: Bytes32, seal: Bytes32): Promise<readonly Hex[]> {
  return [
    await signDigest(call.enclaveSign, () => personalSignDigest(enclaveHash(hash, seal))),
    await signDigest(call.authorizationSign, () => personalSignDigest(authorizationHash(call.caller, call.taskId, call.enclaveChallenge))),
  ];
}

async function encodeMatch(call: Named<'matchOrders' | 'sponsorMatchOrders' | 'depositAndMatch'>): Promise<EncodedCall> {
  const { orders, hashes } = await signedOrders(call);
  if (call.name !== 'depositAndMatch') return onHub(call.name, orders, hashes);
  const inner = encode(hubAbi, 'matchOrders', orders);
  return { to: SYSTEM.token, data: encode(tokenAbi, 'approveAndCall', [SYSTEM.hub, call.amount, inner]), orders: hashes };
}

async function signedOrders({ appOrder, datasetOrder, workerpoolOrder, requestOrder, signatures }: OrdersToMatch) {
  const hashes = [
    hashOf('app', appOrder),
    hashOf('dataset', datasetOrder),
    hashOf('workerpool', workerpoolOrder),
    hashOf('request', requestOrder),
  ] as const;
  const sign = async <T>(order: T, by: SignedBy, hash: OrderHash) => ({ ...order, sign: await signDigest(by, () => hash) });
  const orders = [
    await sign(appOrder, signatures.app, hashes[0]),
    await sign(datasetOrder, signatures.dataset, hashes[1]),
    await sign(workerpoolOrder, signatures.workerpool, hashes[2]),
    await sign(requestOrder, signatures.request, hashes[3]),
  ];
  return { orders, hashes };
}

const hashes = new Map<string, OrderHash>();

/** The order hash; the same orders come again in many histories. */
function hashOf<K extends OrderKind>(kind: K, order: Orders[K]): OrderHash {
  const key = `${kind} ${Object.values(order).join()}`;
  const known = hashes.get(key) ?? hashOrder(kind, order, DOMAIN);
  hashes.set(key, known);
  return known;
}

const MANAGE = { app: 'manageAppOrder', dataset: 'manageDatasetOrder', workerpool: 'manageWorkerpoolOrder', request: 'manageRequestOrder' };

async function encodeManage({ kind, order, operation, sign }: Named<'manageOrder'>): Promise<EncodedCall> {
  const signature = await signDigest(sign, () => hashOperation(kind, order, operation, DOMAIN));
  const managed = { order: { ...order, sign: '0x' }, operation: ORDER_OPERATION[operation], sign: signature };
  return onHub(MANAGE[kind], [managed], [hashOf(kind, order)]);
}

function encodeAdministration(call: Administration): EncodedCall {
  switch (call.name) {
    case 'createCategory':
      return onHub('createCategory', [call.title, call.description, call.workClockTimeRef]);
    case 'setTeeBroker':
      return onHub('setTeeBroker', [call.broker]);
    case 'createAsset':
      return encodeCreation(call);
    case 'transferAsset':
      return {
        to: SYSTEM.registries[entryAt(call.entry).kind],
        data: encode(appRegistryAbi, 'transferFrom', [call.caller, call.to, BigInt(call.entry)]),
        orders: [],
      };
    case 'changePolicy':
      return {
        to: call.entry,
        data: encode(workerpoolAbi, 'changePolicy', [call.workerStakeRatio, call.schedulerRewardRatio]),
        orders: [],
      };
    default:
      return assertNever(call);
  }
}

const CREATIONS = {
  app: [appRegistryAbi, 'createApp'],
  dataset: [datasetRegistryAbi, 'createDataset'],
  workerpool: [workerpoolRegistryAbi, 'createWorkerpool'],
} as const;

function encodeCreation({ entry, assetOwner }: Named<'createAsset'>): EncodedCall {
  const { kind, fields } = entryAt(entry);
  const [abi, name] = CREATIONS[kind];
  return { to: SYSTEM.registries[kind], data: encode(abi, name, [assetOwner, ...fields]), orders: [] };
}

const byAddress = new Map([...Object.values(ENTRIES), ...NEW_ENTRIES].map((entry): [Address, Entry] => [entry.address, entry]));

function entryAt(address: Address): Entry {
  const entry = byAddress.get(address);
  if (entry === undefined) throw new Error(`Histories know no entry at ${address}`);
  return entry;
}
