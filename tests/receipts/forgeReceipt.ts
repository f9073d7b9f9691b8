import { hubAbi, tokenAbi } from '@gleaner/abi';
import type { Address, Bytes32, DealId, Hex, OrderHash, TaskId } from '@gleaner/primitives';
import {
  authorizationHash,
  dealId,
  hashOrder,
  ORDER_KINDS,
  type OrderKind,
  orderDomain,
  orderTypedData,
  type ReadReceipt,
  readReceipt,
  resultHash,
  resultSeal,
  taskId,
} from '@gleaner/protocol';
import { buildTrie } from '@gleaner/sdk';
import {
  concatHex,
  decodeEventLog,
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  fromRlp,
  keccak256,
  type LocalAccount,
  numberToHex,
  recoverTransactionAddress,
  toRlp,
  zeroAddress,
} from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { DIGESTS } from './receiptMarket.ts';
import { parseWire, sealWire, type WireReceipt } from './wire.ts';

export interface ForgedEvent {
  readonly name: string;
  readonly args: Record<string, unknown>;
}

/** What the forger changes besides the keys; nothing unless told. */
export interface ForgeChanges {
  /** Changes or drops a log of the hub. */
  readonly event?: (event: ForgedEvent, task: TaskId) => ForgedEvent | undefined;
  /** Signs authorisations of the pool's owner. */
  readonly authority?: LocalAccount;
  /** Sends all contributions. */
  readonly contributor?: LocalAccount;
  /** Seals of contributions are for this digest. */
  readonly sealed?: Bytes32;
  /** Seconds added to the time of every block after the first. */
  readonly delay?: bigint;
  /** Positions of transactions to leave out. */
  readonly without?: ReadonlySet<number>;
}

interface Forge {
  readonly real: ReadReceipt;
  readonly changes: ForgeChanges;
  readonly keys: Map<string, LocalAccount>;
  /** Addresses, ids and hashes of the real receipt → those of the forged one; lower-case. */
  readonly names: Map<string, string>;
  readonly orders: Record<OrderKind, Record<string, unknown>>;
  readonly task: TaskId;
}

/**
 * The same orders and the same history on a chain of the forger's own, with the same chain id and hub address: every account has a
 * key invented here, everything is signed, hashed, proven and linked again. No more is wrong with it than that it never happened.
 */
export async function forgeReceipt(text: string, changes: ForgeChanges = {}): Promise<string> {
  const real = readReceipt(new TextEncoder().encode(text));
  const wire = parseWire(text);
  const forge = await startForge(real, changes);
  const kept = real.transactions.map((_, at) => at).filter((at) => changes.without?.has(at) !== true);
  const rebuilt = [];
  for (const at of kept) rebuilt.push(await forgeTransaction(forge, at));
  return sealWire(assemble(forge, wire, kept, rebuilt));
}

async function startForge(real: ReadReceipt, changes: ForgeChanges): Promise<Forge> {
  const keys = new Map<string, LocalAccount>();
  const names = new Map<string, string>();
  for (const { raw } of real.transactions) invent(await recoverTransactionAddress({ serializedTransaction: raw as never }), keys, names);
  const { appOwner, datasetOwner, workerpoolOwner, sponsor } = real.terms;
  for (const owner of [appOwner, datasetOwner, workerpoolOwner, sponsor, real.orders.request.requester]) invent(owner, keys, names);
  for (const { worker } of real.scores) invent(worker, keys, names);
  const domain = orderDomain(real);
  const orders = {} as Forge['orders'];
  for (const kind of ORDER_KINDS) orders[kind] = await signAnew(real, kind, keys, names);
  const requestHash = hashOrder('request', orders.request as never, domain);
  const deal: DealId = dealId(requestHash, real.terms.botFirst);
  const task = taskId(deal, real.index);
  for (const kind of ORDER_KINDS)
    names.set(hashOrder(kind, real.orders[kind] as never, domain), hashOrder(kind, orders[kind] as never, domain) as OrderHash);
  names.set(real.dealId, deal);
  names.set(real.taskId, task);
  for (const digest of DIGESTS) names.set(resultHash(real.taskId, digest), resultHash(task, digest));
  return { real, changes, keys, names, orders, task };
}

function invent(address: Address, keys: Forge['keys'], names: Forge['names']): void {
  const name = address.toLowerCase();
  if (address === zeroAddress || keys.has(name)) return;
  const account = privateKeyToAccount(generatePrivateKey());
  keys.set(name, account);
  names.set(name, account.address);
}

async function signAnew({ orders, terms, ...real }: ReadReceipt, kind: OrderKind, keys: Forge['keys'], names: Forge['names']) {
  const order = rename(names, orders[kind]) as Record<string, unknown>;
  if (order['sign'] === '0x') return order;
  const owners = { app: terms.appOwner, dataset: terms.datasetOwner, workerpool: terms.workerpoolOwner, request: orders.request.requester };
  const owner = keys.get(owners[kind].toLowerCase()) as LocalAccount;
  return { ...order, sign: await owner.signTypedData(orderTypedData(kind, order as never, orderDomain(real)) as never) };
}

/** The value with every known name in it replaced. */
function rename(names: Forge['names'], value: unknown): unknown {
  if (typeof value === 'string') return names.get(value.toLowerCase()) ?? value;
  if (Array.isArray(value)) return value.map((item) => rename(names, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rename(names, member)]));
}

async function forgeTransaction(forge: Forge, at: number): Promise<{ raw: Hex; receipt: Hex }> {
  const { real, keys, changes } = forge;
  const entry = real.transactions[at] as ReadReceipt['transactions'][number];
  const sender = keys.get((await recoverTransactionAddress({ serializedTransaction: entry.raw as never })).toLowerCase()) as LocalAccount;
  const isContribution = entry.outcome.logs.some(({ topics }) => topics[0] === CONTRIBUTE);
  const signer = isContribution ? (changes.contributor ?? sender) : sender;
  const call = {
    to: entry.transaction.to as Address,
    data: await forgeCall(forge, entry.transaction.data, sender.address),
    chainId: Number(real.chainId),
  };
  const raw = await signer.signTransaction({
    ...call,
    nonce: at,
    gas: 1_000_000n,
    maxFeePerGas: 10n,
    maxPriorityFeePerGas: 1n,
    type: 'eip1559',
  });
  const logs = entry.outcome.logs.flatMap((log) => forgeLog(forge, log));
  return { raw, receipt: concatHex(['0x02', toRlp(['0x01', numberToHex(at + 21_000), `0x${'0'.repeat(512)}`, logs as never])]) };
}

async function forgeCall(forge: Forge, data: Hex, worker: Address): Promise<Hex> {
  if (data.startsWith(APPROVE_AND_CALL)) {
    const { args } = decodeFunctionData({ abi: tokenAbi, data });
    const [spender, amount, inner] = args as unknown as [Address, bigint, Hex];
    return encodeFunctionData({
      abi: tokenAbi,
      functionName: 'approveAndCall',
      args: [spender, amount, await forgeCall(forge, inner, worker)],
    });
  }
  const { functionName, args } = decodeFunctionData({ abi: hubAbi, data });
  return encodeFunctionData({
    abi: hubAbi,
    functionName,
    args: await forgeArgs(forge, functionName, args as readonly unknown[], worker),
  } as never);
}

async function forgeArgs(forge: Forge, name: string, args: readonly unknown[], worker: Address): Promise<readonly unknown[]> {
  const { real, orders, names, task, changes } = forge;
  if (name === 'matchOrders' || name === 'sponsorMatchOrders') return [orders.app, orders.dataset, orders.workerpool, orders.request];
  const renamed = rename(names, args) as unknown[];
  if (name !== 'contribute' && name !== 'contributeAndFinalize') return renamed;
  const authority = changes.authority ?? (forge.keys.get(real.terms.workerpoolOwner.toLowerCase()) as LocalAccount);
  renamed[renamed.length - 1] = await authority.signMessage({ message: { raw: authorizationHash(worker, task, zeroAddress) } });
  if (name === 'contribute') renamed[2] = resultSeal(worker, task, changes.sealed ?? digestOf(forge, args[1] as Bytes32));
  return renamed;
}

const digestOf = ({ real }: Forge, hash: Bytes32): Bytes32 => DIGESTS.find((digest) => resultHash(real.taskId, digest) === hash) as Bytes32;

type Log = ReadReceipt['transactions'][number]['outcome']['logs'][number];

function forgeLog(forge: Forge, { address, topics, data }: Log): (readonly [Hex, readonly Hex[], Hex])[] {
  if (address !== forge.real.hubAddress) return [[address, topics, data]];
  const decoded = decodeEventLog({ abi: hubAbi, topics: [...topics] as never, data });
  const renamed: ForgedEvent = { name: decoded.eventName, args: rename(forge.names, decoded.args) as Record<string, unknown> };
  const event = forge.changes.event === undefined ? renamed : forge.changes.event(renamed, forge.task);
  return event === undefined ? [] : [encodeEvent(address, event)];
}

function encodeEvent(address: Address, { name, args }: ForgedEvent): readonly [Hex, readonly Hex[], Hex] {
  const abi = hubAbi.find((item) => item.type === 'event' && item.name === name) as Extract<(typeof hubAbi)[number], { type: 'event' }>;
  const plain = abi.inputs.filter((input) => !('indexed' in input && input.indexed));
  const values = plain.map((input) => args[input.name as string]);
  return [
    address,
    encodeEventTopics({ abi: [abi], eventName: name, args } as never) as Hex[],
    encodeAbiParameters(plain as never, values as never),
  ];
}

const CONTRIBUTE = encodeEventTopics({ abi: hubAbi, eventName: 'TaskContribute' })[0];
const APPROVE_AND_CALL = '0xcae9ca51';

/** Puts the transactions into blocks of the forger's own, each the child of the one before. */
function assemble(forge: Forge, wire: WireReceipt, kept: readonly number[], rebuilt: readonly { raw: Hex; receipt: Hex }[]): WireReceipt {
  const { real, names, orders, changes } = forge;
  const headers: Hex[] = [];
  const transactions = kept.map((at) => ({ ...(wire.transactions[at] as WireReceipt['transactions'][number]) }));
  for (const [block, header] of wire.headers.entries()) {
    const inside = transactions.map((_, at) => at).filter((at) => transactions[at]?.block === String(block));
    const tries = {
      raw: buildTrie(inside.map((at) => rebuilt[at]?.raw as Hex)),
      receipt: buildTrie(inside.map((at) => rebuilt[at]?.receipt as Hex)),
    };
    for (const [index, at] of inside.entries()) {
      const proofs = { transactionProof: [...tries.raw.prove(index)], receiptProof: [...tries.receipt.prove(index)] };
      Object.assign(transactions[at] as object, { transactionIndex: String(index), ...rebuilt[at], ...proofs });
    }
    const items = fromRlp(header as Hex, 'hex') as Hex[];
    const isChild = real.headers[block - 1]?.hash === items[0];
    items[0] = isChild ? keccak256(headers[block - 1] as Hex) : (items[0] as Hex);
    items[4] = tries.raw.root;
    items[5] = tries.receipt.root;
    if (block > 0)
      items[11] = numberToHex(BigInt(items[11] as Hex) + (changes.delay ?? 0n), {
        size: size(BigInt(items[11] as Hex) + (changes.delay ?? 0n)),
      });
    headers.push(toRlp(items));
  }
  const renamed = rename(names, { dealId: wire.dealId, taskId: wire.taskId, terms: wire.terms, scores: wire.scores }) as Pick<
    WireReceipt,
    'dealId' | 'taskId' | 'terms' | 'scores'
  >;
  return lowerCase({ ...wire, ...renamed, orders: toWireOrders(orders), transactions, headers }) as WireReceipt;
}

const size = (value: bigint): number => Math.ceil(value.toString(16).length / 2);
const toWireOrders = (orders: Forge['orders']): WireReceipt['orders'] =>
  Object.fromEntries(
    Object.entries(orders).map(([kind, order]) => [
      kind,
      Object.fromEntries(Object.entries(order).map(([name, value]) => [name, String(value)])),
    ]),
  ) as WireReceipt['orders'];

/** Hex in lower case; other text as it is. */
function lowerCase(value: unknown): unknown {
  if (typeof value === 'string') return /^0x[0-9a-fA-F]*$/.test(value) ? value.toLowerCase() : value;
  if (Array.isArray(value)) return value.map(lowerCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, lowerCase(member)]));
}
