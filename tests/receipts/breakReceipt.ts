import { hubAbi } from '@gleaner/abi';
import type { Bytes32 } from '@gleaner/primitives';
import { encodeEventTopics, keccak256, stringToHex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { type ForgeChanges, type ForgedEvent, forgeReceipt } from './forgeReceipt.ts';
import { parseWire, sealWire, type WireReceipt, type WireTransaction } from './wire.ts';

/** What a verifier must say at least; `malformed` when the file is none. A broken encoding may be noticed as either. */
export type Expected = 'malformed' | Partial<Verdicts> | readonly ['malformed or', Partial<Verdicts>];

export interface Verdicts {
  readonly rules: 'passed' | 'failed';
  readonly signatures: 'passed' | 'incomplete' | 'failed';
  readonly inclusion: 'anchored' | 'not-anchored' | 'failed';
}

export interface Breaking {
  readonly kind: string;
  readonly expected: Expected;
  /** The broken file; undefined where this receipt has nothing of the kind. `n` chooses where. */
  readonly apply: (text: string, n: number) => string | undefined | Promise<string | undefined>;
}

const RULES = { rules: 'failed' } as const;
const SIGNATURES = { signatures: 'failed' } as const;
const INCLUSION = { inclusion: 'failed' } as const;

/** A change of the members, sealed again; `false` from the change means that it does not apply. */
function wired(kind: string, expected: Expected, change: (wire: WireReceipt, n: number) => unknown): Breaking {
  return {
    kind,
    expected,
    apply: (text, n) => {
      const wire = parseWire(text);
      return change(wire, n) === false ? undefined : sealWire(wire);
    },
  };
}

const pick = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;
const increase = (value: string): string => String(BigInt(value) + 1n);

/** Another hexadecimal digit somewhere after `0x`. */
function flipHex(text: string, n: number): string {
  const at = 2 + (n % (text.length - 2));
  return `${text.slice(0, at)}${text[at] === '7' ? '8' : '7'}${text.slice(at + 1)}`;
}

function changeOrder(wire: WireReceipt, n: number): false | undefined {
  const kind = pick(['app', 'request', 'workerpool', 'dataset'] as const, n);
  const order = wire.orders[kind];
  if (wire.signing[kind] === 'none') return false;
  const field = pick(
    Object.keys(order).filter((name) => name !== 'sign'),
    n >> 2,
  );
  const value = order[field] as string;
  if (field === 'params') order[field] = `${value}!`;
  else order[field] = value.startsWith('0x') ? flipHex(value, n) : increase(value);
  return undefined;
}

const changeTransaction = (change: (entry: WireTransaction, n: number, wire: WireReceipt) => unknown) => (wire: WireReceipt, n: number) =>
  change(pick(wire.transactions, n), n, wire);

const MEMBERS: readonly Breaking[] = [
  wired('another chain id', { ...RULES, ...SIGNATURES }, (wire) => {
    wire.chainId = increase(wire.chainId);
  }),
  wired('another hub', RULES, (wire, n) => {
    wire.hubAddress = flipHex(wire.hubAddress, n);
  }),
  wired('another deal id', RULES, (wire, n) => {
    wire.dealId = flipHex(wire.dealId, n);
  }),
  wired('another task id', RULES, (wire, n) => {
    wire.taskId = flipHex(wire.taskId, n);
  }),
  wired('another index', RULES, (wire) => {
    wire.index = increase(wire.index);
  }),
  wired('another outcome', RULES, (wire) => {
    if (wire.outcome === 'completed') {
      wire.outcome = 'failed';
      delete wire.result;
    } else Object.assign(wire, { outcome: 'completed', result: { cid: '', digest: keccak256('0x') } });
  }),
  wired('another digest', RULES, ({ result }, n) => {
    if (result === undefined) return false;
    result.digest = flipHex(result.digest, n);
    return undefined;
  }),
  wired('another content id', RULES, ({ result }) => {
    if (result === undefined) return false;
    result.cid = `${result.cid}x`;
    return undefined;
  }),
  wired('another order', { ...RULES, ...SIGNATURES }, changeOrder),
  wired('another order signature', { ...RULES, ...SIGNATURES }, ({ orders }, n) => {
    const order = pick([orders.app, orders.request, orders.workerpool], n);
    order['sign'] = flipHex(order['sign'] as string, n);
  }),
  wired('another owner', SIGNATURES, ({ terms }, n) => {
    const name = pick(['appOwner', 'workerpoolOwner'], n);
    terms[name] = flipHex(terms[name] as string, n);
  }),
  wired('another payer', RULES, ({ terms }, n) => {
    terms['sponsor'] = flipHex(terms['sponsor'] as string, n);
  }),
  wired('other terms', RULES, ({ terms }, n) => {
    const name = pick(['startTime', 'botFirst', 'botSize'], n);
    terms[name] = increase(terms[name] as string);
  }),
  wired('another data set owner', SIGNATURES, ({ terms, signing }, n) => {
    if (signing['dataset'] === 'none') return false;
    terms['datasetOwner'] = flipHex(terms['datasetOwner'] as string, n);
    return undefined;
  }),
  wired('an owner of no data set', RULES, ({ terms, signing }, n) => {
    if (signing['dataset'] !== 'none') return false;
    terms['datasetOwner'] = flipHex(terms['datasetOwner'] as string, n);
    return undefined;
  }),
  wired('an order said to be answered for by a contract', { signatures: 'incomplete', rules: 'passed' }, ({ signing }, n) => {
    signing[pick(['app', 'request', 'workerpool'], n)] = pick(['contract', 'presigned'], n >> 2);
  }),
  wired('a score of another worker', RULES, ({ scores }, n) => {
    if (scores.length === 0) return false;
    const entry = pick(scores, n);
    entry.worker = flipHex(entry.worker, n);
    return undefined;
  }),
  wired('a score too many', RULES, ({ scores, terms }) => {
    scores.push({ score: '0', worker: terms['sponsor'] as string });
  }),
  wired('a score too few', RULES, ({ scores }) => {
    if (scores.length === 0) return false;
    scores.pop();
    return undefined;
  }),
];

/** Topics of what a failed task cannot do without; its reveals and last reopening move no money. */
const NEEDED = (['OrdersMatched', 'TaskContribute', 'TaskClaimed'] as const).map((eventName) =>
  String(encodeEventTopics({ abi: hubAbi, eventName })[0]).slice(2),
);

const CHAIN: readonly Breaking[] = [
  wired('a transaction left out', RULES, (wire, n) => {
    const needed = wire.transactions.filter(
      (entry) => wire.outcome === 'completed' || NEEDED.some((topic) => entry.receipt.includes(topic)),
    );
    if (wire.transactions.length < 2) return false;
    wire.transactions.splice(wire.transactions.indexOf(pick(needed, n)), 1);
    return undefined;
  }),
  wired(
    'another transaction',
    ['malformed or', INCLUSION],
    changeTransaction((entry, n) => {
      entry.raw = flipHex(entry.raw, n);
    }),
  ),
  wired(
    'another receipt of a transaction',
    ['malformed or', INCLUSION],
    changeTransaction((entry, n) => {
      entry.receipt = flipHex(entry.receipt, n);
    }),
  ),
  wired(
    'another transaction proof',
    INCLUSION,
    changeTransaction(({ transactionProof }, n) => {
      const at = n % transactionProof.length;
      transactionProof[at] = flipHex(transactionProof[at] as string, n);
    }),
  ),
  wired(
    'another receipt proof',
    INCLUSION,
    changeTransaction(({ receiptProof }, n) => {
      const at = n % receiptProof.length;
      receiptProof[at] = flipHex(receiptProof[at] as string, n);
    }),
  ),
  wired(
    'a proof with a node too many',
    INCLUSION,
    changeTransaction(({ receiptProof }) => {
      receiptProof.push(receiptProof[0] as string);
    }),
  ),
  wired(
    'another place in the block',
    ['malformed or', INCLUSION],
    changeTransaction((entry) => {
      entry.transactionIndex = increase(entry.transactionIndex);
    }),
  ),
  wired(
    'another block',
    ['malformed or', INCLUSION],
    changeTransaction((entry) => {
      entry.block = increase(entry.block);
    }),
  ),
  wired('another header', ['malformed or', INCLUSION], ({ headers }, n) => {
    const at = n % headers.length;
    headers[at] = flipHex(headers[at] as string, n);
  }),
  wired('a header left out', ['malformed or', INCLUSION], ({ headers }, n) => {
    headers.splice(n % headers.length, 1);
  }),
  wired('transactions in another order', 'malformed', ({ transactions }) => {
    if (transactions.length < 2) return false;
    transactions.reverse();
    return undefined;
  }),
];

const FORM: readonly Breaking[] = [
  wired('another version', 'malformed', (wire) => {
    wire['receiptVersion'] = '2';
  }),
  wired('a member too many', 'malformed', (wire, n) => {
    wire[`extra${n}`] = '';
  }),
  wired('a member too few', 'malformed', (wire, n) => {
    delete wire[pick(['index', 'terms', 'program', 'headers'], n)];
  }),
  wired('a number with a leading zero', 'malformed', (wire) => {
    wire.index = `0${wire.index}`;
  }),
  wired('upper-case hex', 'malformed', (wire) => {
    wire.taskId = wire.taskId.toUpperCase().replace('0X', '0x');
  }),
  { kind: 'white space', expected: 'malformed', apply: (text) => text.replace('{', '{ ') },
  { kind: 'two line feeds', expected: 'malformed', apply: (text) => `${text}\n` },
  { kind: 'cut short', expected: 'malformed', apply: (text, n) => text.slice(0, n % (text.length - 1)) },
  {
    kind: 'another integrity',
    expected: 'malformed',
    apply: (text, n) => text.replace(/"integrity":"(0x[0-9a-f]{64})"/, (_, hash) => `"integrity":"${flipHex(hash, n)}"`),
  },
];

/** A self-consistent chain of the forger's own on which something happened that the rules do not allow. */
function forged(kind: string, expected: Expected, changes: (text: string, n: number) => ForgeChanges | undefined): Breaking {
  return {
    kind: `forged: ${kind}`,
    expected,
    apply: async (text, n) => {
      const wanted = changes(text, n);
      return wanted === undefined ? undefined : await forgeReceipt(text, wanted);
    },
  };
}

const stranger = () => privateKeyToAccount(generatePrivateKey());
const CLOSED = { rules: 'failed', signatures: 'passed', inclusion: 'failed' } as const;

/** The first of the events of these names that is about the task is changed. */
function firstEvent(names: readonly string[], change: (event: ForgedEvent) => ForgedEvent | undefined): ForgeChanges {
  let found = false;
  return {
    event: (event, task) => {
      const { ref, taskid } = event.args;
      if (found || !names.includes(event.name) || (ref ?? taskid) !== task) return event;
      found = true;
      return change(event);
    },
  };
}

const raise = (event: ForgedEvent): ForgedEvent => ({ ...event, args: { ...event.args, amount: (event.args['amount'] as bigint) + 1n } });

const hasContributions = (text: string): boolean => parseWire(text).scores.length > 0;
const isReplicated = (text: string): boolean => parseWire(text).transactions.length > 4 && parseWire(text).outcome === 'completed';

const FORGERIES: readonly Breaking[] = [
  forged('the same history with invented keys', { rules: 'passed', signatures: 'passed', inclusion: 'failed' }, () => ({})),
  forged('a payment is higher', CLOSED, () => firstEvent(['Reward'], raise)),
  forged('a seizure is higher', CLOSED, () => firstEvent(['Seize'], raise)),
  forged('a payment is missing', CLOSED, () => firstEvent(['Reward'], () => undefined)),
  forged('a payment goes to another', CLOSED, (text) =>
    parseWire(text).outcome === 'completed'
      ? firstEvent(['Reward'], (event) => ({ ...event, args: { ...event.args, owner: stranger().address } }))
      : undefined,
  ),
  forged('no consensus is declared', CLOSED, (text) => (isReplicated(text) ? firstEvent(['TaskConsensus'], () => undefined) : undefined)),
  forged('a contribution is not told', CLOSED, (text) =>
    hasContributions(text) ? firstEvent(['TaskContribute'], () => undefined) : undefined,
  ),
  forged('another digest is revealed', CLOSED, (text) =>
    parseWire(text).outcome === 'completed'
      ? firstEvent(['TaskReveal'], (event) => ({ ...event, args: { ...event.args, digest: keccak256(stringToHex('other')) } }))
      : undefined,
  ),
  forged('a seal for another digest', { rules: 'failed', inclusion: 'failed' }, (text) =>
    isReplicated(text) ? { sealed: keccak256('0x1234') as Bytes32 } : undefined,
  ),
  forged('everything happens ten years later', CLOSED, (text) => (hasContributions(text) ? { delay: 315_360_000n } : undefined)),
  forged('workers let in by a stranger', { rules: 'passed', signatures: 'failed', inclusion: 'failed' }, (text) =>
    hasContributions(text) ? { authority: stranger() } : undefined,
  ),
  forged('contributions sent by a stranger', { rules: 'passed', signatures: 'failed', inclusion: 'failed' }, (text) =>
    hasContributions(text) ? { contributor: stranger() } : undefined,
  ),
  forged('the match is left out', { rules: 'failed' }, () => ({ without: new Set([0]) })),
];

/** Every way to break a receipt, with the least that a verifier must notice. */
export const BREAKINGS: readonly Breaking[] = [...MEMBERS, ...CHAIN, ...FORM, ...FORGERIES];
