import { enclaveNotice, type Finding, type ReceiptReport, STATED_MEMBERS } from '@gleaner/protocol';
import type { CheckedReceipt, NodeAnswer } from '@gleaner/sdk';
import { formatRlc } from '../output/amounts.ts';
import type { Rerun } from './rerunTask.ts';

const RULES = { passed: 'yes', failed: 'NO' } as const;
const SIGNATURES = { passed: 'yes', incomplete: 'as far as a file can show', failed: 'NO' } as const;
const INCLUSION = { anchored: 'yes', 'not-anchored': 'only if you know its hash from elsewhere', failed: 'NO' } as const;
const CONTRIBUTIONS = {
  proved: 'agreed and revealed',
  contributed: 'disagreed or did not reveal',
  rejected: 'revealed nothing in time',
} as const;
const RERUN = { same: 'yes', different: 'NO', 'nothing-to-compare': 'nothing to compare', impossible: 'NOT DONE' } as const;

/** A verification for people: three headed parts, then what was run again, then the sum of it. */
export function reportLines({ report, nodes }: CheckedReceipt, rerun: Rerun | undefined): string[] {
  const { receipt, rules, signatures } = report;
  return [
    `Receipt of task ${receipt.taskId}: ${receipt.outcome}`,
    ...resultLines(report),
    ...enclaveLines(report),
    `Market ${receipt.hubAddress} on chain ${receipt.chainId}: anybody can run another one, so know yours (--hub)`,
    '',
    `Rules recomputed: ${RULES[rules.verdict]}`,
    ...rulesLines(report, nodes),
    ...issueLines(rules.issues),
    '',
    `Signed by these keys: ${SIGNATURES[signatures.verdict]}`,
    ...signerLines(report),
    ...signatures.unchecked.map((what) => `  not checked: ${what}`),
    ...issueLines(signatures.issues),
    '',
    ...inclusionLines(report, nodes),
    ...(rerun === undefined ? [] : ['', `Result computed again: ${RERUN[rerun.verdict]}`, `  ${rerun.message}`]),
    '',
    sumOf(report, rerun),
  ];
}

const issueLines = (issues: readonly Finding[]): string[] => issues.map(({ code, message }) => `  WRONG: ${message} (${code})`);

function resultLines({ receipt }: ReceiptReport): string[] {
  const { result } = receipt;
  if (result === undefined) return ['The payer got the price back'];
  // a file may say anything here; only what looks like a content id reaches the terminal
  return [`Result digest ${result.digest}${/^[A-Za-z0-9]+$/.test(result.cid) ? `, archive /ipfs/${result.cid}` : ''}`];
}

/** What the request asked for counts: no order may ask for less. */
function enclaveLines({ receipt }: ReceiptReport): string[] {
  const notice = enclaveNotice({ tag: receipt.orders.request.tag, chainId: Number(receipt.chainId) });
  return notice === undefined ? [] : [`Made in an enclave: ${notice}`];
}

function rulesLines({ receipt, rules }: ReceiptReport, nodes: readonly NodeAnswer[]): string[] {
  const { scores, orders, transactions } = receipt;
  const confirmed = nodes.some(({ inclusionIssues, statedIssues }) => inclusionIssues.length + statedIssues.length === 0);
  return [
    `  deal ${receipt.dealId}, trust ${orders.request.trust}, ${scores.length} contributions, ${transactions.length} transactions`,
    confirmed
      ? '  scores, time reference, reward ratio and program are as the node says'
      : `  stated, not proven: ${STATED_MEMBERS.join(', ')}; the payouts and the moment of consensus are consistent with them`,
    ...rules.contributions.map(({ worker, status }) => `  worker ${worker}: ${CONTRIBUTIONS[status]}`),
    ...rules.payouts.map(({ account, rewarded, seized }) => `  ${account} got ${formatRlc(rewarded)}, lost ${formatRlc(seized)}`),
    ...rules.unchecked.map((what) => `  not checked: ${what}`),
  ];
}

function signerLines({ receipt }: ReceiptReport): string[] {
  const { terms, orders, signing, scores } = receipt;
  const owners = [
    ['request', orders.request.requester, signing.request],
    ['app', terms.appOwner, signing.app],
    ...(signing.dataset === 'none' ? [] : [['dataset', terms.datasetOwner, signing.dataset]]),
    ['workerpool', terms.workerpoolOwner, signing.workerpool],
  ];
  const named = owners.map(([kind, owner, how]) => `  ${kind} order: ${owner}${how === 'account' ? '' : ` (${how}, not checked)`}`);
  return [...named, ...scores.map(({ worker }) => `  worker: ${worker}`)];
}

function inclusionLines({ inclusion }: ReceiptReport, nodes: readonly NodeAnswer[]): string[] {
  const blocks = inclusion.ends.map(({ number }) => number).join(', ');
  return [
    `Included in block ${blocks}: ${INCLUSION[inclusion.verdict]}`,
    ...nodes.flatMap(({ rpcUrl, blocks: found }) =>
      found.map(
        ({ number, depth, isFinal }) => `  ${new URL(rpcUrl).host} has block ${number}, ${depth} below its head, ${finalityWord(isFinal)}`,
      ),
    ),
    ...(inclusion.verdict === 'not-anchored'
      ? inclusion.ends.map(
          ({ number, hash }) => `  not anchored: trust block ${number} with hash ${hash} only if you know it from elsewhere (--anchor)`,
        )
      : []),
    ...issueLines(inclusion.issues),
  ];
}

const finalityWord = (isFinal: boolean | undefined): string =>
  isFinal === undefined ? 'which says nothing of finality' : isFinal ? 'final' : 'not final yet';

function sumOf({ accepted, inclusion }: ReceiptReport, rerun: Rerun | undefined): string {
  if (!accepted || rerun?.verdict === 'different') return 'REJECTED: do not rely on this receipt';
  if (rerun?.verdict === 'impossible') return 'Nothing is wrong with the file, but the result could not be computed again';
  return inclusion.verdict === 'anchored' ? 'Accepted' : 'Consistent, and worth as much as the block hash above';
}
