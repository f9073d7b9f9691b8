import { hubAbi, tokenAbi } from '@gleaner/abi';
import type { Address, Bytes32, DealId, Hex, TaskId } from '@gleaner/primitives';
import { type AbiFunction, decodeFunctionData, toFunctionSelector } from 'viem';
import type { AppOrder, DatasetOrder, RequestOrder, Signed, WorkerpoolOrder } from '../../orders/orderSchema.ts';
import type { SignedTransaction } from '../chain/decodeTransaction.ts';

type MatchArgs = readonly [Signed<AppOrder>, Signed<DatasetOrder>, Signed<WorkerpoolOrder>, Signed<RequestOrder>];

/** The calls of the hub that log what a receipt tells, with their arguments. */
export type HubCall =
  | { readonly name: 'matchOrders' | 'sponsorMatchOrders'; readonly args: MatchArgs }
  | {
      readonly name: 'contribute';
      readonly args: readonly [taskId: TaskId, hash: Bytes32, seal: Bytes32, challenge: Address, enclaveSign: Hex, authorization: Hex];
    }
  | {
      readonly name: 'contributeAndFinalize';
      readonly args: readonly [
        taskId: TaskId,
        digest: Bytes32,
        results: Hex,
        resultsCallback: Hex,
        challenge: Address,
        enclaveSign: Hex,
        authorization: Hex,
      ];
    }
  | { readonly name: 'reveal'; readonly args: readonly [taskId: TaskId, digest: Bytes32] }
  | { readonly name: 'reopen' | 'claim'; readonly args: readonly [taskId: TaskId] }
  | { readonly name: 'finalize'; readonly args: readonly [taskId: TaskId, results: Hex, resultsCallback: Hex] }
  | { readonly name: 'claimArray'; readonly args: readonly [taskIds: readonly TaskId[]] }
  | { readonly name: 'initializeAndClaimArray'; readonly args: readonly [dealIds: readonly DealId[], indexes: readonly bigint[]] };

export type HubCallNamed<Name extends HubCall['name']> = Extract<HubCall, { name: Name }>;

/** How a transaction reached the hub: `indirect` through another contract, `unreadable` with data that no known call has. */
export type CallOf =
  | { readonly kind: 'indirect' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'direct'; readonly call: HubCall /** Deposit and match through the token. */; readonly throughToken: boolean };

const NAMES: ReadonlySet<string> = new Set<HubCall['name']>([
  'matchOrders',
  'sponsorMatchOrders',
  'contribute',
  'contributeAndFinalize',
  'reveal',
  'reopen',
  'finalize',
  'claim',
  'claimArray',
  'initializeAndClaimArray',
]);

const functions = hubAbi.filter((item) => item.type === 'function' && NAMES.has(item.name));
const bySelector: ReadonlyMap<string, readonly unknown[]> = new Map(
  functions.map((item) => [toFunctionSelector(item as AbiFunction), [item]]),
);
const approveAndCall = tokenAbi.filter((item) => item.type === 'function' && item.name === 'approveAndCall');
const APPROVE_AND_CALL = toFunctionSelector(approveAndCall[0] as AbiFunction);

/** The call of the hub that a transaction is. */
export function callOf({ to, data }: SignedTransaction, hubAddress: Address): CallOf {
  if (to === hubAddress) return direct(decodeCall(data), false);
  if (!data.startsWith(APPROVE_AND_CALL)) return { kind: 'indirect' };
  const inner = decodeApproval(data);
  if (inner === undefined || inner.spender !== hubAddress) return { kind: 'indirect' };
  const call = decodeCall(inner.data);
  return call?.name === 'matchOrders' ? direct(call, true) : { kind: 'indirect' };
}

const direct = (call: HubCall | undefined, throughToken: boolean): CallOf =>
  call === undefined ? { kind: 'unreadable' } : { kind: 'direct', call, throughToken };

function decodeCall(data: Hex): HubCall | undefined {
  const abi = bySelector.get(data.slice(0, 10));
  if (abi === undefined) return undefined;
  const decoded = attempt(() => decodeFunctionData({ abi: abi as typeof hubAbi, data }));
  return decoded && ({ name: decoded.functionName, args: decoded.args } as unknown as HubCall);
}

function decodeApproval(data: Hex): { spender: Address; data: Hex } | undefined {
  const decoded = attempt(() => decodeFunctionData({ abi: approveAndCall as unknown as typeof tokenAbi, data }));
  const [spender, , inner] = (decoded?.args ?? []) as readonly [Address?, bigint?, Hex?];
  return spender === undefined || inner === undefined ? undefined : { spender, data: inner };
}

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
