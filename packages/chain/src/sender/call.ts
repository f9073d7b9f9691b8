import type { Address, Hex } from '@gleaner/primitives';
import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
} from 'viem';

/** A call ready to be signed. */
export interface Call {
  readonly to: Address;
  readonly data: Hex;
  /** Wei; 0 by default. */
  readonly value?: bigint;
  /** Function name: for messages, and for the meaning of an empty revert. */
  readonly name: string;
}

type Mutability = 'nonpayable' | 'payable';

/** A call of a function of a typed ABI. */
export interface ContractCall<abi extends Abi, name extends ContractFunctionName<abi, Mutability>> {
  readonly to: Address;
  readonly abi: abi;
  readonly functionName: name;
  readonly args: ContractFunctionArgs<abi, Mutability, name>;
  /** Wei. */
  readonly value?: bigint;
}

export function encodeCall<const abi extends Abi, name extends ContractFunctionName<abi, Mutability>>(call: ContractCall<abi, name>): Call {
  const { to, abi, functionName, args, value } = call;
  const data = encodeFunctionData({ abi, functionName, args } as unknown as EncodeFunctionDataParameters);
  return { to, data, name: functionName, ...(value !== undefined && { value }) };
}
