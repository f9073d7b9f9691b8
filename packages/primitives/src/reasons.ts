/** Whose fault a failure is. */
export type Culprit = 'requester' | 'app' | 'dataset' | 'workerpool' | 'worker' | 'chain' | 'host' | 'us';

/**
 * What happens to the money:
 * `untouched` nothing was locked; `kept` locked funds stay where they are and the action may go on;
 * `refunding` the price returns to the payer by the task's final deadline, nobody needs to claim it; `paid` everyone has been paid.
 */
export type Money = 'untouched' | 'kept' | 'refunding' | 'paid';

export interface Reason {
  readonly culprit: Culprit;
  readonly money: Money;
  /** Whether the same action may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** What the receiver should do, one sentence. */
  readonly help: string;
}

const reason = (culprit: Culprit, money: Money, retryable: boolean, help: string): Reason => ({ culprit, money, retryable, help });

/**
 * The closed list of reason codes, end to end: contract revert → service → API → CLI → portal.
 * A code never changes its meaning; docs/reasons.md is generated from this table.
 */
export const REASONS = {
  // programs, before any money is locked
  'program-unknown-type': reason('requester', 'untouched', false, 'Give a .wasm module, or the address of a registered app.'),
  'program-not-wasm': reason(
    'app',
    'untouched',
    false,
    'Compile the program to wasm32-wasi; the file must start with the bytes 00 61 73 6d.',
  ),
  'program-too-large': reason('app', 'untouched', false, 'Keep the module at or under 32 MiB; move data into input files.'),
  'program-invalid': reason('app', 'untouched', false, 'Rebuild the module; it does not follow the WebAssembly binary format.'),
  'program-unsupported-feature': reason('app', 'untouched', false, 'Build without the named feature: it cannot be run deterministically.'),
  'program-unknown-import': reason('app', 'untouched', false, 'Import only functions of wasi_snapshot_preview1 that the sandbox lists.'),
  'manifest-invalid': reason('app', 'untouched', false, 'Correct the named field of manifest.json; docs/manifest.md lists them all.'),
  'program-not-found': reason('requester', 'untouched', false, 'Check the path, address or content id of the program.'),
  'program-checksum-mismatch': reason(
    'app',
    'refunding',
    false,
    'The bytes behind the multiaddress differ from the checksum of the app; register the right one.',
  ),
  // programs, while they run
  'program-trapped': reason('app', 'refunding', false, 'The program stopped on a trap; run it locally with the same arguments.'),
  'program-exit-code': reason('app', 'refunding', false, 'The program ended with a non-zero exit code; read its stderr in the task logs.'),
  'fuel-exhausted': reason('requester', 'refunding', false, 'The program used up its fuel; give it less work or choose a larger category.'),
  'stack-exhausted': reason('app', 'refunding', false, 'The program recursed too deep; reduce its recursion.'),
  'memory-exceeded': reason('app', 'refunding', false, 'The program asked for more memory than the limit of its category.'),
  'output-too-large': reason('app', 'refunding', false, 'Write less to /iexec_out, stdout or stderr.'),
  'wall-time-exceeded': reason(
    'requester',
    'refunding',
    false,
    'The program ran longer than its category allows; choose a larger category.',
  ),
  'result-invalid': reason(
    'app',
    'refunding',
    false,
    'computed.json must be JSON and name an existing output inside /iexec_out, or callback data as hex.',
  ),
  'sandbox-crashed': reason('worker', 'kept', true, 'The sandbox process died; the task goes to another worker.'),
  'sandbox-unavailable': reason('host', 'kept', true, 'This host cannot contain the program; see `gleaner doctor`.'),
  // inputs and content
  'input-missing': reason('requester', 'untouched', false, 'Check the path or content id of the input.'),
  'input-unreachable': reason('requester', 'refunding', true, 'An input could not be fetched by the workers; pass it by content id.'),
  'bulk-invalid': reason(
    'requester',
    'refunding',
    false,
    'The files behind bulk_cid must be what prepareDatasetBulk makes: content ids of slices, in each at most 100 signed data set orders.',
  ),
  'bulk-order-refused': reason(
    'requester',
    'refunding',
    false,
    'An order of the bulk does not allow this task; the details name its data set and the rules of docs/confidential-tasks.md that it breaks.',
  ),
  'content-not-found': reason('requester', 'kept', true, 'No reachable gateway holds this content id; add the content again.'),
  'content-corrupt': reason(
    'host',
    'kept',
    true,
    'The bytes do not hash to their content id; restore the store or fetch from another gateway.',
  ),
  'content-too-large': reason('requester', 'untouched', false, 'Stay under the size limit named in the error.'),
  'quota-exceeded': reason(
    'host',
    'untouched',
    true,
    'A place of this host is full; make room in what the message names, or raise its limit.',
  ),
  // quote and orders
  'price-above-maximum': reason('requester', 'untouched', true, 'Raise --max-price or wait for a cheaper offer.'),
  'balance-too-low': reason('requester', 'untouched', true, 'Deposit or receive the missing amount.'),
  'confidence-unreachable': reason(
    'requester',
    'untouched',
    true,
    'Ask for less confidence, or use a pool with more or better scored workers.',
  ),
  'workers-too-few': reason('workerpool', 'untouched', true, 'Wait until enough workers are connected, or choose another pool.'),
  'no-matching-order': reason('requester', 'untouched', true, 'No open order fits; loosen the request or publish the missing order.'),
  'order-invalid': reason('requester', 'untouched', false, 'Correct the named field of the order.'),
  'order-signature-invalid': reason(
    'requester',
    'untouched',
    false,
    'Sign the order with the key of the asset owner, or of the requester for a request order.',
  ),
  'order-consumed': reason('requester', 'untouched', false, 'Sign a new order; this one is used up or closed.'),
  'order-already-published': reason('requester', 'untouched', false, 'The order is in the book already.'),
  'order-not-found': reason(
    'requester',
    'untouched',
    false,
    'Check the order hash; the order may have been filled, cancelled or withdrawn.',
  ),
  'orders-incompatible': reason('requester', 'untouched', false, 'The named rule of matching does not hold for these orders.'),
  'resource-not-deployed': reason('requester', 'untouched', false, 'Register the app, dataset or workerpool first.'),
  'stake-too-low': reason('workerpool', 'untouched', true, 'The workerpool owner must deposit the missing stake.'),
  'category-unknown': reason('requester', 'untouched', false, 'Choose one of the listed categories.'),
  // tasks
  'deal-not-found': reason('requester', 'untouched', false, 'Check the deal id and the network.'),
  'task-not-found': reason('requester', 'untouched', false, 'Check the task id and the network.'),
  'result-not-ready': reason('requester', 'kept', true, 'Wait until the task is COMPLETED.'),
  'result-unavailable': reason('workerpool', 'paid', true, 'The result is named on chain but no gateway has it; ask the pool operator.'),
  'task-timed-out': reason('workerpool', 'refunding', false, 'The final deadline passed; the price returns to the payer by itself.'),
  'contribution-deadline-passed': reason(
    'workerpool',
    'refunding',
    false,
    'No consensus before the contribution deadline; the price returns to the payer.',
  ),
  'worker-lost': reason('worker', 'kept', true, 'The worker went silent; the task goes to another worker.'),
  'workers-exhausted': reason('workerpool', 'refunding', false, 'No worker is left that may contribute; the price returns to the payer.'),
  'no-consensus': reason('workerpool', 'refunding', false, 'The workers did not agree; the program may be non-deterministic.'),
  'scheduler-unreachable': reason(
    'workerpool',
    'kept',
    true,
    'The scheduler of the pool does not answer; if it stays away the task ends in a refund.',
  ),
  // receipts
  'receipt-malformed': reason(
    'requester',
    'untouched',
    false,
    'Ask for the file again; the details name the check of docs/receipt.md that failed.',
  ),
  'receipt-rejected': reason('requester', 'untouched', false, 'Do not rely on this receipt; the report names what is wrong with it.'),
  'receipt-unsupported': reason('requester', 'untouched', false, 'This task cannot have a receipt; the message says why.'),
  // secrets and enclaves
  'secret-not-found': reason('requester', 'untouched', false, 'Push the secret first; the error names its kind, owner and name.'),
  'secret-exists': reason(
    'requester',
    'untouched',
    false,
    'This kind of secret is set once and for all; only web2 secrets can be replaced.',
  ),
  'secret-limit': reason(
    'requester',
    'untouched',
    false,
    'An owner may have no more secrets of this kind; replace one, or ask whoever runs the service.',
  ),
  'secret-missing': reason('requester', 'refunding', true, 'The task needs the named secret; whoever owns it must push it.'),
  'enclave-not-allowed': reason(
    'host',
    'kept',
    false,
    'Enclaves that keep nothing secret count on development chains only, and where they are switched on.',
  ),
  'enclave-challenge-invalid': reason(
    'worker',
    'kept',
    true,
    'Ask for a new challenge: each is good once, for one task and worker, for a minute.',
  ),
  'invitation-invalid': reason(
    'worker',
    'kept',
    false,
    'Present the authorisation of worker and task that the scheduler of the pool signed.',
  ),
  'task-not-active': reason('worker', 'kept', false, 'Secrets are released while the task is ACTIVE on chain, to no other.'),
  'enclave-already-released': reason(
    'worker',
    'kept',
    false,
    'This worker has another enclave for the task, or one that has answered; the task goes on with that one, or with another worker.',
  ),
  'evidence-invalid': reason('worker', 'kept', false, 'The evidence must be signed by a root that the secret service trusts.'),
  'evidence-mismatch': reason(
    'worker',
    'kept',
    false,
    'The evidence must speak of this chain, hub, deal, task, worker, nonce and these keys.',
  ),
  'measurement-unknown': reason('worker', 'kept', false, 'The enclave must run the known code and the program that the deal names.'),
  // chain
  'chain-unreachable': reason('chain', 'kept', true, 'Start the chain or correct its URL.'),
  'chain-replaced': reason(
    'chain',
    'kept',
    false,
    'The chain at this URL has another genesis; use another --data folder or restore the chain.',
  ),
  'chain-reverted': reason('chain', 'kept', false, 'The contract refused the call; the details name the call and the revert.'),
  'transaction-timed-out': reason('chain', 'kept', true, 'The transaction was not mined in time; its hash is in the details.'),
  'transaction-rejected': reason('chain', 'kept', true, 'The node refused the transaction; the details say why.'),
  'gas-too-low': reason('requester', 'untouched', true, 'The account lacks gas for the transaction.'),
  // access
  unauthorized: reason('requester', 'untouched', false, 'Sign in with the expected key.'),
  forbidden: reason('requester', 'untouched', false, 'This key may not do that.'),
  'rate-limited': reason('requester', 'untouched', true, 'Slow down; retry after the time named in the header.'),
  'bad-request': reason('requester', 'untouched', false, 'Correct the named field.'),
  'not-found': reason('requester', 'untouched', false, 'Check the address.'),
  'key-not-found': reason('requester', 'untouched', false, 'Create or import the key first.'),
  'key-invalid': reason('requester', 'untouched', false, 'The key or its password is wrong.'),
  // host
  'network-not-running': reason('host', 'untouched', true, 'Start it: gleaner up --detach.'),
  'network-already-running': reason(
    'host',
    'untouched',
    false,
    'Use the running network, stop it with `gleaner down`, or pass another --data folder.',
  ),
  'network-start-failed': reason('host', 'untouched', true, 'Read the log that the error names.'),
  'deployment-differs': reason(
    'host',
    'untouched',
    false,
    'Another market, an upgraded or an unfinished one, is at these addresses; the details list what differs. Another --salt makes another market.',
  ),
  'port-taken': reason('host', 'untouched', true, 'Free the port or let the network choose one.'),
  'disk-full': reason('host', 'kept', true, 'Free space on the disk of the data folder.'),
  'data-unreadable': reason('host', 'kept', false, 'Give this user read and write access to the data folder.'),
  'data-corrupt': reason('host', 'kept', false, 'Restore the named file from a backup, or start from a new --data folder.'),
  'database-unreachable': reason('host', 'kept', true, 'Start the database or correct DATABASE_URL.'),
  'storage-unreachable': reason('host', 'kept', true, 'The object storage does not answer; check its endpoint, the network and its state.'),
  'storage-refused': reason('host', 'kept', false, 'Correct what the error names: bucket, keys, their rights, region, or the clock.'),
  'tool-missing': reason('host', 'untouched', false, 'Install the named tool.'),
  'service-unreachable': reason('host', 'kept', true, 'Start the service or correct its URL.'),
  'timed-out': reason('us', 'kept', true, 'It took longer than allowed; try again.'),
  aborted: reason('requester', 'kept', true, 'The action was cancelled.'),
  'invariant-broken': reason('us', 'kept', false, 'This is a defect; please report it with the details.'),
  'internal-error': reason('us', 'kept', false, 'This is a defect; please report it with the log.'),
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof REASONS;

export const REASON_CODES = Object.keys(REASONS) as readonly ReasonCode[];

export function isReasonCode(value: unknown): value is ReasonCode {
  return typeof value === 'string' && Object.hasOwn(REASONS, value);
}
