import { type Chain, createChain, readAsset, readHub } from '@gleaner/chain';
import { type Bytes32, isGleanerError } from '@gleaner/primitives';
import { type Finding, hubLogs, type InclusionCode, type ReadReceipt, type ReceiptReport, type RuleCode } from '@gleaner/protocol';
import { type ContributionPlace, foldScores } from './foldScores.ts';

/** What one node says of a receipt. */
export interface NodeAnswer {
  readonly rpcUrl: string;
  /** The blocks that have to be trusted, as far as the node has them with the same hash. */
  readonly blocks: readonly AnchoredBlock[];
  readonly inclusionIssues: readonly Finding<InclusionCode>[];
  /** Stated members that the node contradicts; asked only when it has all the blocks. */
  readonly statedIssues: readonly Finding<RuleCode>[];
}

export interface AnchoredBlock {
  readonly number: bigint;
  readonly hash: Bytes32;
  /** Blocks on top of it. */
  readonly depth: bigint;
  /** Whether the node calls it final; undefined where nodes of this chain do not say. */
  readonly isFinal: boolean | undefined;
}

/**
 * Asks a node for the blocks of a receipt by number, and whether what the receipt only states is so.
 * @throws {GleanerError} chain-unreachable, timed-out, aborted
 */
export async function askNode(rpcUrl: string, { receipt, inclusion }: ReceiptReport, signal?: AbortSignal): Promise<NodeAnswer> {
  const chain = createChain({ rpcUrl, hubAddress: receipt.hubAddress, ...(signal && { signal }) });
  const { chainId } = await chain.identify();
  const [head, final] = [await chain.head(), await findFinal(chain)];
  const inclusionIssues: Finding<InclusionCode>[] = [];
  const blocks: AnchoredBlock[] = [];
  if (BigInt(chainId) !== receipt.chainId)
    inclusionIssues.push(mismatch(`The node serves chain ${chainId}, the receipt is of chain ${receipt.chainId}`));
  for (const { number, hash } of inclusion.ends) {
    const found = await chain.block(number);
    if (found?.hash === hash)
      blocks.push({ number, hash, depth: head.number - number, isFinal: final === undefined ? undefined : number <= final });
    else
      inclusionIssues.push(mismatch(`The node has ${found === undefined ? 'no block' : `block ${found.hash}`} at ${number}, not ${hash}`));
  }
  const statedIssues = inclusionIssues.length > 0 ? [] : await checkStated(chain, receipt);
  return { rpcUrl, blocks, inclusionIssues, statedIssues };
}

const mismatch = (message: string): Finding<InclusionCode> => ({ code: 'anchor-mismatch', message });

/** Height that the node calls final; undefined when it knows no such thing. */
async function findFinal(chain: Chain): Promise<bigint | undefined> {
  try {
    const { number } = await chain.attempt((rpc) => rpc.getBlock({ blockTag: 'finalized' }), 'finalized block');
    return number;
  } catch (error) {
    if (isGleanerError(error) && (error.code === 'chain-unreachable' || error.code === 'aborted')) throw error;
    return undefined;
  }
}

async function checkStated(chain: Chain, receipt: ReadReceipt): Promise<Finding<RuleCode>[]> {
  const hub = readHub(chain);
  const [task, deal, program, scores] = await Promise.all([
    hub.viewTask(receipt.taskId),
    hub.viewDeal(receipt.dealId),
    readAsset(chain).getApp(receipt.orders.app.app),
    foldScores(chain, contributionsOf(receipt)),
  ]);
  const { timeref, schedulerRewardRatio, workerStake } = receipt.terms;
  const stated: [holds: boolean, what: string][] = [
    [task.timeref === timeref, `timeref is ${task.timeref}`],
    [deal?.schedulerRewardRatio === schedulerRewardRatio, `schedulerRewardRatio is ${deal?.schedulerRewardRatio}`],
    [deal?.workerStake === workerStake, `workerStake is ${deal?.workerStake}`],
    [deal?.app.owner === receipt.terms.appOwner, `the app’s owner was ${deal?.app.owner}`],
    [program.checksum.toLowerCase() === receipt.program.checksum, `the program’s checksum is ${program.checksum}`],
    [program.multiaddr.toLowerCase() === receipt.program.multiaddr, `the program’s location is ${program.multiaddr}`],
    [program.type === receipt.program.type, `the program’s type is ${program.type}`],
    [receipt.scores.every(({ score }, at) => scores[at] === score), `the scores were ${scores.join(', ')}`],
  ];
  return stated.filter(([holds]) => !holds).map(([, what]) => ({ code: 'stated-mismatch', message: `The node says that ${what}` }));
}

function contributionsOf(receipt: ReadReceipt): ContributionPlace[] {
  return hubLogs(receipt)
    .flat()
    .flatMap(({ event, transaction }) => {
      const entry = receipt.transactions[transaction];
      if (event.name !== 'TaskContribute' || event.args.taskid !== receipt.taskId || entry === undefined) return [];
      return [{ worker: event.args.worker, blockNumber: entry.header.number, transactionIndex: Number(entry.transactionIndex) }];
    });
}
