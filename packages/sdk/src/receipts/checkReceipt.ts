import { type ReceiptReport, type Trust, verifyReceipt } from '@gleaner/protocol';
import { askNode, type NodeAnswer } from './askNode.ts';

export interface CheckOptions extends Trust {
  /** Nodes the reader trusts; without any, nothing is asked of a network. */
  readonly rpcUrls?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface CheckedReceipt {
  readonly report: ReceiptReport;
  readonly nodes: readonly NodeAnswer[];
}

/**
 * Verifies the file of a receipt, with the nodes given as anchors.
 * @throws {GleanerError} receipt-malformed; chain-unreachable, timed-out of a node
 */
export async function checkReceipt(file: Uint8Array, { rpcUrls = [], signal, ...trust }: CheckOptions = {}): Promise<CheckedReceipt> {
  const offline = await verifyReceipt(file, trust);
  if (rpcUrls.length === 0) return { report: offline, nodes: [] };
  const nodes: NodeAnswer[] = [];
  for (const rpcUrl of rpcUrls) nodes.push(await askNode(rpcUrl, offline, signal));
  const trusted = nodes.flatMap(({ blocks }) => blocks.map(({ hash }) => hash));
  return { report: withAnswers(await verifyReceipt(file, { ...trust, anchors: [...(trust.anchors ?? []), ...trusted] }), nodes), nodes };
}

/** What the nodes contradict fails the verdict that it belongs to. */
function withAnswers(report: ReceiptReport, nodes: readonly NodeAnswer[]): ReceiptReport {
  const ofRules = nodes.flatMap(({ statedIssues }) => statedIssues);
  const ofInclusion = nodes.flatMap(({ inclusionIssues }) => inclusionIssues);
  const { rules, inclusion } = report;
  return {
    ...report,
    accepted: report.accepted && ofRules.length + ofInclusion.length === 0,
    rules: ofRules.length === 0 ? rules : { ...rules, verdict: 'failed', issues: [...rules.issues, ...ofRules] },
    inclusion: ofInclusion.length === 0 ? inclusion : { ...inclusion, verdict: 'failed', issues: [...inclusion.issues, ...ofInclusion] },
  };
}
