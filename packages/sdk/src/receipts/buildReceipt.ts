import type { HubEvent } from '@gleaner/chain';
import { type Bytes32, GleanerError, type Hex, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import {
  type Deal,
  decodeOrderSet,
  decodeResultLink,
  encodeReceipt,
  MAX_LINKED_BLOCKS,
  type Receipt,
  type ReceiptReport,
  type ReceiptTransaction,
  verifyReceipt,
} from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import type { Gleaner } from '../createGleaner.ts';
import { getDeal } from '../deals/getDeal.ts';
import { fetchBlock, fetchHeaders, type ProvableBlock } from './fetchBlocks.ts';
import { type ContributionPlace, foldScores } from './foldScores.ts';
import { readHistory } from './readHistory.ts';
import { readSigning } from './readSigning.ts';

/** Attempts while the chain is reorganised under the builder. */
const ATTEMPTS = 3;

export interface BuiltReceipt {
  /** Content of the file. */
  readonly text: string;
  /** What a verifier says of it, the hashes of this chain trusted. */
  readonly report: ReceiptReport;
}

/**
 * Receipt of a task that has ended, from the node's answers alone; it has passed the verification before it is given.
 * @throws {GleanerError} task-not-found, result-not-ready while the task runs, receipt-unsupported, chain-unreachable, timed-out, aborted
 * Cost: one request per block between the first and the last transaction, when they are at most 2 048 apart.
 */
export function buildReceipt(gleaner: Gleaner, taskId: TaskId, settings: CallSettings = {}): Promise<BuiltReceipt> {
  return bounded(gleaner, settings, (client) => buildVerified(client, taskId));
}

async function buildVerified(gleaner: Gleaner, taskId: TaskId): Promise<BuiltReceipt> {
  for (let attempt = 1; ; attempt += 1) {
    const text = await writeReceipt(gleaner, taskId);
    const file = new TextEncoder().encode(text);
    const { inclusion } = await verifyReceipt(file);
    const report = await verifyReceipt(file, { anchors: inclusion.ends.map(({ hash }) => hash) });
    if (report.accepted && report.inclusion.verdict === 'anchored') return { text, report };
    if (attempt === ATTEMPTS) throw unsupported(report);
  }
}

function unsupported({ rules, signatures, inclusion }: ReceiptReport): GleanerError {
  const [issue] = [...rules.issues, ...signatures.issues, ...inclusion.issues];
  return new GleanerError('receipt-unsupported', `The receipt of this task does not verify: ${issue?.message}`, {
    details: { check: issue?.code },
  });
}

async function writeReceipt(gleaner: Gleaner, taskId: TaskId): Promise<string> {
  const { chain, hub } = gleaner;
  const task = await hub.viewTask(taskId);
  if (task.status === 'unset') throw new GleanerError('task-not-found', `The hub knows no task ${taskId}`, { details: { taskId } });
  const { status } = task;
  if (status !== 'completed' && status !== 'failed') {
    throw new GleanerError('result-not-ready', `Task ${taskId} is ${status}; it has a receipt once it is completed or failed`, {
      details: { taskId },
    });
  }
  const deal = await getDeal(gleaner, task.dealId);
  const { match, events } = await readHistory(gleaner, taskId, task.dealId, deal);
  const blocks = await readBlocks(gleaner, [match, ...events]);
  const places = placesOf([match, ...events]);
  const orders = readOrders(rawOf(blocks, match), chain.hubAddress);
  return encodeReceipt({
    receiptVersion: '1',
    chainId: BigInt(gleaner.network.chainId),
    hubAddress: chain.hubAddress,
    dealId: task.dealId,
    taskId,
    index: task.index,
    outcome: status,
    ...(status === 'completed' && { result: { cid: decodeResultLink(task.results) ?? '', digest: task.resultDigest } }),
    orders,
    signing: await readSigning(gleaner, orders, ownersOf(deal), deal.dataset.pointer !== ZERO_ADDRESS),
    terms: termsOf(deal, task.timeref),
    program: await readProgram(gleaner, deal),
    scores: await readScores(gleaner, events),
    ...(await assemble(gleaner, blocks, places)),
  });
}

const ownersOf = ({ app, dataset, workerpool, requester }: Deal) => ({
  app: app.owner,
  dataset: dataset.owner,
  workerpool: workerpool.owner,
  request: requester,
});

function termsOf(deal: Deal, timeref: bigint): Receipt['terms'] {
  const { startTime, botFirst, botSize, workerStake, schedulerRewardRatio, sponsor, app, dataset, workerpool } = deal;
  const owners = { appOwner: app.owner, datasetOwner: dataset.owner, workerpoolOwner: workerpool.owner };
  return { ...owners, sponsor, startTime, botFirst, botSize, workerStake, schedulerRewardRatio, timeref };
}

async function readProgram({ assets }: Gleaner, { app }: Deal): Promise<Receipt['program']> {
  const { checksum, multiaddr, type } = await assets.getApp(app.pointer);
  return { checksum: checksum.toLowerCase() as Bytes32, multiaddr, type };
}

async function readScores({ chain }: Gleaner, events: readonly HubEvent[]): Promise<Receipt['scores']> {
  const contributions: ContributionPlace[] = events.flatMap((event) => (event.name === 'TaskContribute' ? [event] : []));
  const scores = await foldScores(chain, contributions);
  return contributions.map(({ worker }, at) => ({ worker, score: scores[at] ?? 0n }));
}

type Place = Pick<HubEvent, 'blockNumber' | 'transactionIndex'>;

/** Each transaction once, in the order of the chain. */
function placesOf(events: readonly HubEvent[]): readonly Place[] {
  const byPlace = new Map(events.map((event) => [`${event.blockNumber}/${event.transactionIndex}`, event]));
  return [...byPlace.values()].sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.transactionIndex - b.transactionIndex);
}

type Blocks = ReadonlyMap<bigint, ProvableBlock>;

async function readBlocks({ chain }: Gleaner, events: readonly HubEvent[]): Promise<Blocks> {
  const blocks = new Map<bigint, ProvableBlock>();
  for (const { blockNumber } of events) if (!blocks.has(blockNumber)) blocks.set(blockNumber, await fetchBlock(chain, blockNumber));
  return blocks;
}

function rawOf(blocks: Blocks, { blockNumber, transactionIndex }: Place): Hex {
  const raw = blocks.get(blockNumber)?.raws[transactionIndex];
  if (raw !== undefined) return raw;
  throw new GleanerError('timed-out', `Block ${blockNumber} has no transaction ${transactionIndex} any more; the chain was reorganised`, {
    details: { blockNumber, transactionIndex },
  });
}

/** The signed orders stand in the call that made the deal. */
function readOrders(raw: Hex, hubAddress: Receipt['hubAddress']): Receipt['orders'] {
  const orders = decodeOrderSet(raw, hubAddress);
  if (orders !== undefined) return orders;
  throw new GleanerError(
    'receipt-unsupported',
    'The deal was made through another contract, so its signed orders are not in the transaction',
  );
}

async function assemble({ chain }: Gleaner, blocks: Blocks, places: readonly Place[]): Promise<Pick<Receipt, 'headers' | 'transactions'>> {
  const used = [...blocks.keys()].sort((a, b) => Number(a - b));
  const numbers = linkedNumbers(used);
  const between = await fetchHeaders(
    chain,
    numbers.filter((number) => !blocks.has(number)),
  );
  const headers = numbers.map((number) => blocks.get(number)?.header ?? (between.shift() as Hex));
  return { headers, transactions: places.map((place) => transactionOf(blocks, place, numbers.indexOf(place.blockNumber))) };
}

/** All numbers from the first to the last when they are close, so that one anchor is enough; else only those used. */
function linkedNumbers(used: readonly bigint[]): readonly bigint[] {
  const [first = 0n] = used;
  const last = used.at(-1) ?? first;
  if (last - first > MAX_LINKED_BLOCKS) return used;
  return Array.from({ length: Number(last - first) + 1 }, (_, at) => first + BigInt(at));
}

function transactionOf(blocks: Blocks, { blockNumber, transactionIndex }: Place, position: number): ReceiptTransaction {
  const block = blocks.get(blockNumber) as ProvableBlock;
  return {
    block: BigInt(position),
    transactionIndex: BigInt(transactionIndex),
    raw: rawOf(blocks, { blockNumber, transactionIndex }),
    transactionProof: [...block.transactions.prove(transactionIndex)],
    receipt: block.receipts[transactionIndex] as Hex,
    receiptProof: [...block.outcomes.prove(transactionIndex)],
  };
}
