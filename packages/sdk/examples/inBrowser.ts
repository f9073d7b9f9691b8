// In a page: the book, a receipt and an encrypted result. No key of a wallet is needed to read.
import {
  createGleaner,
  fetchResult,
  listOpenOrders,
  listResultFiles,
  type NetworkDescription,
  type TaskId,
  verifyReceipt,
} from '@gleaner/sdk';

export interface PageInput {
  readonly network: NetworkDescription;
  readonly receipt: string;
  readonly taskId: TaskId;
  readonly privateKey: string;
}

export async function readInPage({ network, receipt, taskId, privateKey }: PageInput) {
  const leaving = new AbortController();
  addEventListener('pagehide', () => leaving.abort());
  const gleaner = createGleaner({ network, signal: leaving.signal });

  const offers = await listOpenOrders(gleaner, 'workerpool', { category: 0n });
  const { rules, signatures } = await verifyReceipt(new TextEncoder().encode(receipt));
  const { archive } = await fetchResult(gleaner, taskId, { privateKey, timeoutMs: 30_000 });
  const files = listResultFiles(archive).map(({ path }) => path);
  return { offers: offers.length, rules: rules.verdict, signatures: signatures.verdict, files };
}
