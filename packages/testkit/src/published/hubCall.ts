import { hubAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import { type ContractFunctionArgs, type ContractFunctionName, encodeFunctionData } from 'viem';
import type { MarketSystem } from './MarketSystem.ts';
import type { Transaction } from './transact.ts';

type Writing = 'nonpayable' | 'payable';
export type HubFunction = ContractFunctionName<typeof hubAbi, Writing>;

/** A call of the hub; both hubs have the same selectors and encodings. */
export function hubCall<Name extends HubFunction>(
  system: MarketSystem,
  from: Address,
  functionName: Name,
  args: ContractFunctionArgs<typeof hubAbi, Writing, Name>,
): Transaction {
  const data = encodeFunctionData({ abi: hubAbi, functionName, args } as Parameters<typeof encodeFunctionData>[0]);
  return { from, to: system.hub, data };
}
