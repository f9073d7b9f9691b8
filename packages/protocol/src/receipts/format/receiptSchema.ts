import { z } from 'zod';
import { accountField, dealIdField, hashField, octetsField, taskIdField, uintField } from './receiptFields.ts';

/** Most entries of each list; a longer one is refused before its entries are looked at. */
export const RECEIPT_BOUNDS = { headers: 12_000, transactions: 10_000, scores: 10_000, proof: 64 } as const;

const app = z.strictObject({
  app: accountField,
  appprice: uintField,
  volume: uintField,
  tag: hashField,
  datasetrestrict: accountField,
  workerpoolrestrict: accountField,
  requesterrestrict: accountField,
  salt: hashField,
  sign: octetsField,
});

const dataset = z.strictObject({
  dataset: accountField,
  datasetprice: uintField,
  volume: uintField,
  tag: hashField,
  apprestrict: accountField,
  workerpoolrestrict: accountField,
  requesterrestrict: accountField,
  salt: hashField,
  sign: octetsField,
});

const workerpool = z.strictObject({
  workerpool: accountField,
  workerpoolprice: uintField,
  volume: uintField,
  tag: hashField,
  category: uintField,
  trust: uintField,
  apprestrict: accountField,
  datasetrestrict: accountField,
  requesterrestrict: accountField,
  salt: hashField,
  sign: octetsField,
});

const request = z.strictObject({
  app: accountField,
  appmaxprice: uintField,
  dataset: accountField,
  datasetmaxprice: uintField,
  workerpool: accountField,
  workerpoolmaxprice: uintField,
  requester: accountField,
  volume: uintField,
  tag: hashField,
  category: uintField,
  trust: uintField,
  beneficiary: accountField,
  callback: accountField,
  params: z.string(),
  salt: hashField,
  sign: octetsField,
});

const signing = z.enum(['account', 'contract', 'presigned']);

const terms = z.strictObject({
  appOwner: accountField,
  /** Zero without a dataset. */
  datasetOwner: accountField,
  workerpoolOwner: accountField,
  sponsor: accountField,
  /** Unix seconds. */
  startTime: uintField,
  botFirst: uintField,
  botSize: uintField,
  /** nRLC. */
  workerStake: uintField,
  /** Percent. */
  schedulerRewardRatio: uintField.refine((percent) => percent <= 100n, 'must be at most 100'),
  /** T of the category, seconds. */
  timeref: uintField,
});

const transaction = z.strictObject({
  /** Position in `headers`. */
  block: uintField,
  transactionIndex: uintField,
  raw: octetsField,
  transactionProof: z.array(octetsField).max(RECEIPT_BOUNDS.proof),
  receipt: octetsField,
  receiptProof: z.array(octetsField).max(RECEIPT_BOUNDS.proof),
});

/** One schema for the form of a receipt, its type and its way to JSON and back. Source: docs/receipt.md, section 2. */
export const receiptSchema = z.strictObject({
  receiptVersion: z.literal('1'),
  chainId: uintField.refine((id) => id <= BigInt(Number.MAX_SAFE_INTEGER), 'must be at most 2^53 − 1'),
  hubAddress: accountField,
  dealId: dealIdField,
  taskId: taskIdField,
  index: uintField,
  outcome: z.enum(['completed', 'failed']),
  result: z.strictObject({ cid: z.string(), digest: hashField }).optional(),
  orders: z.strictObject({ app, dataset, request, workerpool }),
  signing: z.strictObject({ app: signing, dataset: z.enum([...signing.options, 'none']), request: signing, workerpool: signing }),
  terms,
  program: z.strictObject({ checksum: hashField, multiaddr: octetsField, type: z.string() }),
  scores: z.array(z.strictObject({ score: uintField, worker: accountField })).max(RECEIPT_BOUNDS.scores),
  transactions: z.array(transaction).min(1).max(RECEIPT_BOUNDS.transactions),
  headers: z.array(octetsField).min(1).max(RECEIPT_BOUNDS.headers),
  integrity: hashField,
});

/** A receipt as values; addresses are checksummed. */
export type Receipt = z.output<typeof receiptSchema>;
export type ReceiptTransaction = Receipt['transactions'][number];
/** How an order is signed; `none` for the null dataset order. */
export type Signing = Receipt['signing']['dataset'];
