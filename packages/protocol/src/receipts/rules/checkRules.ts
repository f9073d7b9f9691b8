import type { ReadReceipt } from '../format/readReceipt.ts';
import { checkDeal } from './checkDeal.ts';
import type { Replay } from './Replay.ts';
import { createRuleContext, isTaskLog, type RuleContext } from './RuleContext.ts';
import { replayTask } from './replayTask.ts';

/** Everything that follows from orders and logs alone. Source: docs/receipt.md, section 4. */
export function checkRules(receipt: ReadReceipt): Replay {
  const context = createRuleContext(receipt);
  checkTransactions(context);
  checkDeal(context);
  return replayTask(context);
}

function checkTransactions(context: RuleContext): void {
  const { receipt, findings, logs, dealId } = context;
  for (const [at, { transaction, outcome }] of receipt.transactions.entries()) {
    const succeeded = outcome.status === 1n && outcome.type === transaction.type;
    findings.expect('transaction-status', succeeded, `Transaction ${at} failed, or its receipt is of another type`);
    findings.expect('transaction-chain', isOfChain(transaction, receipt.chainId), `Transaction ${at} is for chain ${transaction.chainId}`);
    const related = (logs[at] ?? []).some(
      (log) => isTaskLog(log, context) || (log.event.name === 'OrdersMatched' && log.event.args.dealid === dealId),
    );
    findings.expect('transaction-unrelated', related, `Transaction ${at} has nothing to do with this task`);
  }
}

type Transaction = ReadReceipt['transactions'][number]['transaction'];

/** Only legacy transactions may leave their chain open, with v = 27 or 28. */
function isOfChain({ type, chainId, yParity }: Transaction, expected: bigint): boolean {
  return chainId === undefined ? type === 0 && (yParity === 0n || yParity === 1n) : chainId === expected;
}
