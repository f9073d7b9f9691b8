import { keccak256, toHex } from 'viem';

/** A receipt as JSON.parse gives it. */
export interface WireReceipt {
  [member: string]: unknown;
  chainId: string;
  hubAddress: string;
  dealId: string;
  taskId: string;
  index: string;
  outcome: string;
  result?: { cid: string; digest: string };
  orders: Record<'app' | 'dataset' | 'request' | 'workerpool', Record<string, string>>;
  signing: Record<string, string>;
  terms: Record<string, string>;
  scores: { score: string; worker: string }[];
  transactions: WireTransaction[];
  headers: string[];
}

export interface WireTransaction {
  block: string;
  transactionIndex: string;
  raw: string;
  transactionProof: string[];
  receipt: string;
  receiptProof: string[];
}

export const parseWire = (text: string): WireReceipt => JSON.parse(text) as WireReceipt;

/** Members sorted by name, nothing between them: written anew here, so that it also checks the product's own form. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** The file of these members with a right `integrity`. */
export function sealWire(wire: WireReceipt): string {
  const { integrity: _, ...members } = wire;
  return `${canonical({ ...members, integrity: keccak256(toHex(canonical(members))) })}\n`;
}
