import { hubAbi } from '@gleaner/abi';
import type { Address, Hex } from '@gleaner/primitives';
import type { ReceiptLog } from '@gleaner/testkit/published';
import { type Abi, encodeFunctionData } from 'viem';
import { type Both, both, type Side } from './both.ts';

/** What one system made of a call. */
export interface Answer {
  readonly succeeded: boolean;
  /** Return data, or revert data. */
  readonly output: Hex;
  readonly logs: readonly ReceiptLog[];
}

/** The same call for both systems, each with its own addresses, ids and signatures. */
export interface PairedCall {
  readonly name: string;
  readonly from: Address;
  readonly to: Both<Address>;
  readonly data: Both<Hex>;
  /** Wei; none unless told. */
  readonly value?: bigint;
  /** Asked, not sent. */
  readonly view?: boolean;
  /** Success and answer are compared, and the sequence ends: nobody foresaw the hashes of what it is about now. */
  readonly parts?: boolean;
  /** What happened, when both agree, for the calls that follow. */
  readonly done?: (answers: Both<Answer>) => void;
}

/** Encodes a call with values that were drawn, not typed: wrong ones are the point. */
export function encodeLoosely(abi: readonly unknown[], functionName: string, args: readonly unknown[]): Hex {
  return encodeFunctionData({ abi: abi as Abi, functionName, args });
}

export function encodeHub(functionName: string, args: (side: Side) => readonly unknown[]): Both<Hex> {
  return both((side) => encodeLoosely(hubAbi, functionName, args(side)));
}
