import { type Address, type Hex, type OrderHash, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { authorizationHash, enclaveHash, personalSignDigest, resultHash, resultSeal } from '../ids.ts';
import { ORDER_KINDS, type OrderKind } from '../orders/orderSchema.ts';
import { Findings } from './Findings.ts';
import type { ReadReceipt } from './format/readReceipt.ts';
import type { SignatureCode } from './receiptCodes.ts';
import { parseSignature, recoverSigner } from './recoverSigner.ts';
import { callOf, type HubCall, type HubCallNamed } from './rules/callOf.ts';
import { hubLogs } from './rules/hubLogs.ts';
import { orderHashes } from './rules/orderHashes.ts';

type SignatureFindings = Findings<SignatureCode>;

/** Who signed orders, transactions and authorisations. Source: docs/receipt.md, section 5. */
export async function checkSignatures(receipt: ReadReceipt): Promise<SignatureFindings> {
  const findings: SignatureFindings = new Findings();
  await checkOrders(receipt, findings);
  const workers = workersOf(receipt);
  for (const at of receipt.transactions.keys()) await checkTransaction({ receipt, workers, findings }, at);
  return findings;
}

async function checkOrders(receipt: ReadReceipt, findings: SignatureFindings): Promise<void> {
  const hashes = orderHashes(receipt);
  const owners = ownersOf(receipt);
  for (const kind of ORDER_KINDS) {
    const how = receipt.signing[kind];
    if (how === 'none') continue;
    if (how !== 'account') {
      findings.leave(
        `the ${kind} order: ${how === 'contract' ? `the contract ${owners[kind]} answers for it` : 'it was signed on the chain before the match'}`,
      );
      continue;
    }
    const signer = await recoverSigner(hashes[kind] as OrderHash, parseSignature(receipt.orders[kind].sign));
    findings.expect(
      'order-signature',
      signer === owners[kind],
      `The ${kind} order is signed by ${signer ?? 'nobody'}, not by ${owners[kind]}`,
    );
  }
}

function ownersOf({ terms, orders }: ReadReceipt): Readonly<Record<OrderKind, Address>> {
  return { app: terms.appOwner, dataset: terms.datasetOwner, workerpool: terms.workerpoolOwner, request: orders.request.requester };
}

interface SignatureContext {
  readonly receipt: ReadReceipt;
  /** Worker named by the task's event in each transaction, where there is one. */
  readonly workers: readonly (Address | undefined)[];
  readonly findings: SignatureFindings;
}

function workersOf(receipt: ReadReceipt): SignatureContext['workers'] {
  return hubLogs(receipt).map((logs) => {
    const named = logs.flatMap(({ event }) =>
      (event.name === 'TaskContribute' || event.name === 'TaskReveal') && event.args.taskid === receipt.taskId ? [event.args.worker] : [],
    );
    return named[0];
  });
}

async function checkTransaction({ receipt, workers, findings }: SignatureContext, at: number): Promise<void> {
  const entry = receipt.transactions[at];
  if (entry === undefined) return;
  const { transaction } = entry;
  const sender = await recoverSigner(transaction.signingHash, transaction);
  findings.expect('transaction-signature', sender !== undefined, `Transaction ${at} is signed by nobody`);
  const call = callOf(transaction, receipt.hubAddress);
  if (call.kind === 'indirect')
    findings.leave(`who acted in transaction ${at}: ${sender} sent it through the contract ${transaction.to ?? '(new)'}`);
  if (call.kind !== 'direct' || sender === undefined) return;
  const worker = workers[at];
  const expected = call.throughToken ? receipt.orders.request.requester : senderOf(receipt, worker, call.call);
  const fits = expected === undefined || expected === sender;
  findings.expect('transaction-sender', fits, `Transaction ${at} (${call.call.name}) is sent by ${sender}, not by ${expected}`);
  const { name } = call.call;
  if (name === 'contribute' || name === 'contributeAndFinalize') await checkAuthorization(receipt, worker ?? sender, call.call, findings);
}

/** Who must send this call; undefined for anybody. */
function senderOf({ terms }: ReadReceipt, worker: Address | undefined, { name }: HubCall): Address | undefined {
  switch (name) {
    case 'contribute':
    case 'contributeAndFinalize':
    case 'reveal':
      return worker;
    case 'reopen':
    case 'finalize':
      return terms.workerpoolOwner;
    case 'sponsorMatchOrders':
      return terms.sponsor;
    default:
      return undefined;
  }
}

async function checkAuthorization(
  receipt: ReadReceipt,
  worker: Address,
  call: HubCallNamed<'contribute' | 'contributeAndFinalize'>,
  findings: SignatureFindings,
): Promise<void> {
  const task = receipt.taskId;
  const [challenge, enclaveSign, authorization] = call.args.slice(-3) as [Address, Hex, Hex];
  const owner = receipt.terms.workerpoolOwner;
  if (challenge !== ZERO_ADDRESS || receipt.signing.workerpool === 'contract') findings.leave(`the authorisation of ${worker}`);
  else {
    const signer = await recoverPersonal(authorizationHash(worker, task, challenge), authorization);
    findings.expect('authorization', signer === owner, `${worker} was let in by ${signer ?? 'nobody'}, not by the pool’s owner ${owner}`);
  }
  if (challenge === ZERO_ADDRESS) return;
  const [hash, seal] = commitmentOf(worker, task, call);
  const enclave = await recoverPersonal(enclaveHash(hash, seal), enclaveSign);
  findings.expect('enclave-signature', enclave === challenge, `The enclave’s signature is by ${enclave ?? 'nobody'}, not by ${challenge}`);
}

function commitmentOf(worker: Address, task: TaskId, call: HubCallNamed<'contribute' | 'contributeAndFinalize'>) {
  if (call.name === 'contribute') return [call.args[1], call.args[2]] as const;
  return [resultHash(task, call.args[1]), resultSeal(worker, task, call.args[1])] as const;
}

const recoverPersonal = (message: Hex, signature: Hex) => recoverSigner(personalSignDigest(message), parseSignature(signature));
