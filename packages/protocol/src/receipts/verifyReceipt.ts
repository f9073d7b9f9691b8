import type { BlockHeader } from './chain/decodeHeader.ts';
import { checkInclusion, type Trust } from './checkInclusion.ts';
import { checkSignatures } from './checkSignatures.ts';
import type { Finding, Findings } from './Findings.ts';
import { type ReadReceipt, readReceipt } from './format/readReceipt.ts';
import type { InclusionCode, RuleCode, SignatureCode } from './receiptCodes.ts';
import { checkRules } from './rules/checkRules.ts';
import { payoutsOf, type ReceiptPayout } from './rules/payoutsOf.ts';
import type { Replay, ReplayedContribution } from './rules/Replay.ts';

/** What one part of a verification says. `unchecked` lists what only a chain could tell. */
interface Verdict<Status extends string, Code extends string> {
  readonly verdict: Status;
  readonly issues: readonly Finding<Code>[];
  readonly unchecked: readonly string[];
}

export interface RulesVerdict extends Verdict<'passed' | 'failed', RuleCode> {
  /** In the order of the chain; a contribution that was not proved was wrong, silent or rejected. */
  readonly contributions: readonly Pick<ReplayedContribution, 'worker' | 'status'>[];
  readonly payouts: readonly ReceiptPayout[];
}
export type SignaturesVerdict = Verdict<'passed' | 'incomplete' | 'failed', SignatureCode>;
export interface InclusionVerdict extends Verdict<'anchored' | 'not-anchored' | 'failed', InclusionCode> {
  /** Last header of each run: the hashes that have to be trusted. */
  readonly ends: readonly Pick<BlockHeader, 'number' | 'hash'>[];
}

export interface ReceiptReport {
  readonly receipt: ReadReceipt;
  /** No verdict failed. */
  readonly accepted: boolean;
  readonly rules: RulesVerdict;
  readonly signatures: SignaturesVerdict;
  readonly inclusion: InclusionVerdict;
}

/** Members that nothing in the file proves. */
export const STATED_MEMBERS = ['scores', 'terms.timeref', 'terms.schedulerRewardRatio', 'program', 'signing'] as const;

/**
 * Verifies a receipt without a network: three verdicts, each with all that is wrong.
 * @param trust block hashes and the market that the reader knows; without a hash the inclusion is at best `not-anchored`
 * @throws {GleanerError} receipt-malformed for a file that is no receipt
 * Source: docs/receipt.md.
 */
export async function verifyReceipt(file: Uint8Array, trust: Trust = {}): Promise<ReceiptReport> {
  const receipt = readReceipt(file);
  const replay = checkRules(receipt);
  const signatures = await checkSignatures(receipt);
  return reportOf(receipt, replay, signatures, checkInclusion(receipt, trust));
}

function reportOf(
  receipt: ReadReceipt,
  replay: Replay,
  signatures: Findings<SignatureCode>,
  inclusion: ReturnType<typeof checkInclusion>,
): ReceiptReport {
  const { findings, uncovered, ends } = inclusion;
  const rules = replay.context.findings;
  return {
    receipt,
    accepted: [rules, signatures, findings].every(isClean),
    rules: {
      verdict: isClean(rules) ? 'passed' : 'failed',
      ...partsOf(rules),
      contributions: replay.contributions.map(({ worker, status }) => ({ worker, status })),
      payouts: payoutsOf(replay.context),
    },
    signatures: {
      verdict: !isClean(signatures) ? 'failed' : signatures.unchecked.length > 0 ? 'incomplete' : 'passed',
      ...partsOf(signatures),
    },
    inclusion: {
      verdict: !isClean(findings) ? 'failed' : uncovered.length > 0 ? 'not-anchored' : 'anchored',
      ...partsOf(findings),
      ends: ends.map(({ number, hash }) => ({ number, hash })),
    },
  };
}

const isClean = ({ issues }: Findings<string>): boolean => issues.length === 0;
const partsOf = <Code extends string>({ issues, unchecked }: Findings<Code>) => ({ issues, unchecked });
