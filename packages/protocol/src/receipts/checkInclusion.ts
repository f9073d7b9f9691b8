import type { Address, Bytes32 } from '@gleaner/primitives';
import { numberToHex, toRlp } from 'viem';
import type { BlockHeader } from './chain/decodeHeader.ts';
import { isProven } from './chain/isProven.ts';
import { Findings } from './Findings.ts';
import type { ReadReceipt } from './format/readReceipt.ts';
import type { InclusionCode } from './receiptCodes.ts';

/** Up to this distance from first to last block, all headers between are there. */
export const MAX_LINKED_BLOCKS = 2048n;

/** What the reader of a receipt knows from elsewhere. */
export interface Trust {
  /** Block hashes. */
  readonly anchors?: readonly Bytes32[];
  /** Address of the market; without it the receipt's own is taken, which is only as good as the reader's look at it. */
  readonly hubAddress?: Address;
}

export interface Inclusion {
  readonly findings: Findings<InclusionCode>;
  /** Last header of each run of linked headers: what an anchor must be the hash of. */
  readonly ends: readonly BlockHeader[];
  /** Those of `ends` that no anchor covers. */
  readonly uncovered: readonly BlockHeader[];
}

/**
 * Whether transactions and logs are in the blocks of the headers, and which hashes the reader must trust for that.
 * Source: docs/receipt.md, section 6.
 */
export function checkInclusion(receipt: ReadReceipt, { anchors = [], hubAddress = receipt.hubAddress }: Trust): Inclusion {
  const findings = new Findings<InclusionCode>();
  checkHeaders(receipt, findings);
  checkProofs(receipt, findings);
  const known = new Set<string>(receipt.headers.map(({ hash }) => hash));
  for (const anchor of anchors) findings.expect('anchor-unknown', known.has(anchor), `No header of the receipt has the hash ${anchor}`);
  const isHub = hubAddress.toLowerCase() === receipt.hubAddress.toLowerCase();
  findings.expect('hub-unknown', isHub, `The receipt is of the market ${receipt.hubAddress}, not of ${hubAddress}`);
  const ends = runEnds(receipt.headers);
  return { findings, ends, uncovered: ends.filter(({ hash }) => !anchors.includes(hash)) };
}

function checkHeaders(receipt: ReadReceipt, findings: Findings<InclusionCode>): void {
  const { headers } = receipt;
  const [first] = headers;
  const last = headers.at(-1);
  const isClose = first !== undefined && last !== undefined && last.number - first.number <= MAX_LINKED_BLOCKS;
  for (const [at, header] of headers.entries()) {
    const before = headers[at - 1];
    if (before === undefined) continue;
    const isNext = header.number === before.number + 1n;
    findings.expect('header-order', header.number > before.number, `Header ${at} is not above the one before it`);
    findings.expect('header-link', !isNext || header.parentHash === before.hash, `Block ${header.number} is no child of ${before.hash}`);
    findings.expect('header-gap', !isClose || isNext, `Blocks between ${before.number} and ${header.number} are missing`);
  }
  const used = new Set(receipt.transactions.map(({ block }) => Number(block)));
  const needed = isClose ? [0, headers.length - 1] : [...headers.keys()];
  for (const at of needed) findings.expect('header-unused', used.has(at), `Header ${at} holds no transaction of the receipt`);
}

function checkProofs({ transactions }: ReadReceipt, findings: Findings<InclusionCode>): void {
  for (const [at, entry] of transactions.entries()) {
    const { header, transactionIndex, transactionProof, raw, receiptProof, receipt } = entry;
    const key = toRlp(transactionIndex === 0n ? '0x' : numberToHex(transactionIndex));
    const sent = isProven({ root: header.transactionsRoot, key, proof: transactionProof, value: raw });
    findings.expect(
      'transaction-proof',
      sent,
      `Transaction ${at} is not proven to be number ${transactionIndex} of block ${header.number}`,
    );
    const done = isProven({ root: header.receiptsRoot, key, proof: receiptProof, value: receipt });
    findings.expect('receipt-proof', done, `The receipt of transaction ${at} is not proven by block ${header.number}`);
  }
}

/** A block hash vouches for its ancestors only, so it takes the last header of each run of linked ones. */
function runEnds(headers: readonly BlockHeader[]): readonly BlockHeader[] {
  return headers.filter((header, at) => headers[at + 1]?.parentHash !== header.hash);
}
