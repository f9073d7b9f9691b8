import { appRegistryAbi, datasetRegistryAbi, tokenAbi, workerpoolRegistryAbi } from '@gleaner/abi';
import { type Address, type Bytes32, type DealId, type Hex, type TaskId, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { dealId, hashOrder, NULL_DATASET_ORDER, type Orders, resultHash, resultSeal, type Signed, taskId } from '@gleaner/protocol';
import {
  type Anvil,
  domainOf,
  type HubFunction,
  hubCall,
  type MarketSystem,
  publishedArtifact,
  signAuthorization,
  signEnclave,
  signOrder,
  type Transaction,
  transactOrThrow,
} from '@gleaner/testkit/published';
import { encodeFunctionData, keccak256, type LocalAccount, pad, stringToHex, toHex } from 'viem';
import { PARTIES, WORKERS } from './parties.ts';
import { CALLBACK_DATA, CATEGORY, DIGEST, PARAMS, PRICES, RESULTS, TIMEREF } from './payloads.ts';

const { owner, requester, appOwner, datasetOwner, poolOwner, enclave } = PARTIES;
const TEE_TAG = pad('0x01') as Bytes32;
const DEPOSIT = 1_000_000_000_000n;
/** Of an enclave's code, 32 bytes. */
const FINGERPRINT = keccak256(stringToHex('enclave')).slice(2);
const LARGE_VOLUME = 1_000_000n;

/** What a deal is made of; orders of app, dataset and workerpool are long-lived unless they are to be fresh. */
export interface DealOptions {
  readonly volume?: bigint;
  readonly trust?: bigint;
  readonly dataset?: boolean;
  readonly callback?: boolean;
  readonly tee?: boolean;
  readonly fresh?: boolean;
  readonly free?: boolean;
  readonly params?: string;
}

export interface MatchedDeal {
  readonly gas: bigint;
  readonly dealId: DealId;
}

export interface OrderSet {
  readonly app: Signed<Orders['app']>;
  readonly dataset: Signed<Orders['dataset']>;
  readonly workerpool: Signed<Orders['workerpool']>;
  readonly request: Signed<Orders['request']>;
}

/** Gas of what is done for the first time in a hub. */
export type FirstOnes = Readonly<Record<'createApp' | 'createDataset' | 'createWorkerpool' | 'deposit', bigint>>;

/** A hub with one app, dataset and workerpool, everybody's deposit, and an open deal; every step answers the gas of its receipt. */
export class GasMarket {
  readonly system: MarketSystem;
  readonly anvil: Anvil;
  #app: Address = ZERO_ADDRESS;
  #dataset: Address = ZERO_ADDRESS;
  #workerpool: Address = ZERO_ADDRESS;
  #callback: Address = ZERO_ADDRESS;
  #orders = 0;

  constructor(system: MarketSystem, anvil: Anvil) {
    this.system = system;
    this.anvil = anvil;
  }

  /** Assets and deposits; answers what the very first of each took. `openDeals` brings what the measurements start from. */
  async open(): Promise<FirstOnes> {
    const holders = [requester, poolOwner, appOwner, datasetOwner, ...WORKERS];
    for (const { address } of holders) await this.transfer(owner, address, 4n * DEPOSIT);
    for (const holder of holders) await this.approve(holder, 3n * DEPOSIT);
    const deposits: bigint[] = [];
    for (const holder of holders) deposits.push(await this.hub(holder, 'deposit', [DEPOSIT]));
    const app = await this.createApp(appOwner);
    const dataset = await this.createDataset(datasetOwner);
    const workerpool = await this.createWorkerpool(poolOwner);
    [this.#app, this.#dataset, this.#workerpool] = [app.entry, dataset.entry, workerpool.entry];
    const client = publishedArtifact('tools/testing/TestClient.sol').bytecode;
    const receipt = await transactOrThrow(this.anvil, { from: owner.address, data: client }, 'TestClient');
    this.#callback = receipt.contractAddress ?? ZERO_ADDRESS;
    return { createApp: app.gas, createDataset: dataset.gas, createWorkerpool: workerpool.gas, deposit: deposits[0] ?? 0n };
  }

  /** One deal each of the kinds whose orders are long-lived, so that these are partly consumed and both sides have something locked. */
  async openDeals(): Promise<void> {
    await this.match();
    await this.match({ dataset: true });
    await this.match({ tee: true });
  }

  async hub<Name extends HubFunction>(from: LocalAccount, name: Name, args: Parameters<typeof hubCall<Name>>[3]): Promise<bigint> {
    return await this.#gas(hubCall(this.system, from.address, name, args), name);
  }

  async transfer(from: LocalAccount, to: Address, amount: bigint): Promise<bigint> {
    return await this.#token(from, encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [to, amount] }));
  }

  async approve(from: LocalAccount, amount: bigint): Promise<bigint> {
    return await this.#token(from, encodeFunctionData({ abi: tokenAbi, functionName: 'approve', args: [this.system.hub, amount] }));
  }

  async approveAndCall(from: LocalAccount, amount: bigint): Promise<bigint> {
    const args = [this.system.hub, amount, '0x'] as const;
    return await this.#token(from, encodeFunctionData({ abi: tokenAbi, functionName: 'approveAndCall', args }));
  }

  async createApp(from: LocalAccount, { salt = 0, tee = false } = {}): Promise<{ gas: bigint; entry: Address }> {
    const image = stringToHex(`example/render-frames:${salt}.0.0`);
    const enclaveText = `{"framework":"SCONE","version":"v5","entrypoint":"node /app/app.js","heapSize":1073741824,"fingerprint":"${FINGERPRINT}"}`;
    const args = [from.address, `render ${salt}`, 'DOCKER', image, keccak256(image), tee ? stringToHex(enclaveText) : '0x'] as const;
    return await this.#create('app', from, encodeFunctionData({ abi: appRegistryAbi, functionName: 'createApp', args }));
  }

  async createDataset(from: LocalAccount, { salt = 0 } = {}): Promise<{ gas: bigint; entry: Address }> {
    const link = stringToHex(`/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnuA${salt}z`);
    const args = [from.address, `frames ${salt}`, link, keccak256(link)] as const;
    return await this.#create('dataset', from, encodeFunctionData({ abi: datasetRegistryAbi, functionName: 'createDataset', args }));
  }

  async createWorkerpool(from: LocalAccount, { salt = 0 } = {}): Promise<{ gas: bigint; entry: Address }> {
    const args = [from.address, `pool ${salt}`] as const;
    return await this.#create(
      'workerpool',
      from,
      encodeFunctionData({ abi: workerpoolRegistryAbi, functionName: 'createWorkerpool', args }),
    );
  }

  async signOrders({ volume = 1n, trust = 1n, dataset, callback, tee, fresh, free, params = PARAMS }: DealOptions = {}): Promise<OrderSet> {
    this.#orders += 1;
    const number = BigInt(this.#orders);
    const salt = keccak256(toHex(fresh ? number : 0n)) as Bytes32;
    const price = (kind: keyof typeof PRICES) => (free ? 0n : PRICES[kind]);
    const open = { tag: tee ? TEE_TAG : ZERO_BYTES32, requesterrestrict: ZERO_ADDRESS, volume: LARGE_VOLUME, salt };
    const [app, workerpool, data] = [this.#app, this.#workerpool, dataset ? this.#dataset : ZERO_ADDRESS];
    const appOrder = { ...open, app, appprice: price('app'), datasetrestrict: ZERO_ADDRESS, workerpoolrestrict: ZERO_ADDRESS };
    const datasetOrder = {
      ...open,
      dataset: data,
      datasetprice: price('dataset'),
      apprestrict: ZERO_ADDRESS,
      workerpoolrestrict: ZERO_ADDRESS,
    };
    const pool = { workerpool, workerpoolprice: price('workerpool'), category: CATEGORY, trust: 1_000n };
    const request = {
      app,
      appmaxprice: price('app'),
      dataset: data,
      datasetmaxprice: dataset ? price('dataset') : 0n,
      workerpool: ZERO_ADDRESS,
      workerpoolmaxprice: price('workerpool'),
      requester: requester.address,
      volume,
      tag: open.tag,
      category: CATEGORY,
      trust,
      beneficiary: requester.address,
      callback: callback ? this.#callback : ZERO_ADDRESS,
      params,
      salt: keccak256(toHex(number + 1_000_000n)) as Bytes32,
    };
    const { system } = this;
    return {
      app: await signOrder(system, 'app', appOrder, appOwner),
      dataset: dataset ? await signOrder(system, 'dataset', datasetOrder, datasetOwner) : { ...NULL_DATASET_ORDER, sign: '0x' },
      workerpool: await signOrder(
        system,
        'workerpool',
        { ...open, ...pool, apprestrict: ZERO_ADDRESS, datasetrestrict: ZERO_ADDRESS },
        poolOwner,
      ),
      request: await signOrder(system, 'request', request, requester),
    };
  }

  /** Sent by somebody who has no part in it. */
  async match(options: DealOptions = {}): Promise<MatchedDeal> {
    const orders = await this.signOrders(options);
    const gas = await this.hub(owner, 'matchOrders', [orders.app, orders.dataset, orders.workerpool, orders.request]);
    return { gas, dealId: dealId(hashOrder('request', orders.request, domainOf(this.system)), 0n) };
  }

  async initialize(deal: DealId, index = 0n): Promise<{ gas: bigint; task: TaskId }> {
    return { gas: await this.hub(poolOwner, 'initialize', [deal, index]), task: this.taskOf(deal, index) };
  }

  taskOf(deal: DealId, index: bigint): TaskId {
    return taskId(deal, index);
  }

  async contribute(worker: LocalAccount, task: TaskId, { tee = false, digest = DIGEST } = {}): Promise<bigint> {
    const { address } = worker;
    const [hash, seal] = [resultHash(task, digest), resultSeal(address, task, digest)];
    const challenge = tee ? enclave.address : ZERO_ADDRESS;
    const enclaveSign = tee ? await signEnclave(enclave, hash, seal) : '0x';
    const authorization = await signAuthorization(poolOwner, address, task, challenge);
    return await this.hub(worker, 'contribute', [task, hash, seal, challenge, enclaveSign, authorization]);
  }

  async reveal(worker: LocalAccount, task: TaskId, digest = DIGEST): Promise<bigint> {
    return await this.hub(worker, 'reveal', [task, digest]);
  }

  async finalize(task: TaskId, { results = RESULTS, callback = false }: { results?: Hex; callback?: boolean } = {}): Promise<bigint> {
    return await this.hub(poolOwner, 'finalize', [task, results, callback ? CALLBACK_DATA : '0x']);
  }

  async contributeAndFinalize(worker: LocalAccount, task: TaskId, { tee = false, callback = false } = {}): Promise<bigint> {
    const { address } = worker;
    const challenge = tee ? enclave.address : ZERO_ADDRESS;
    const enclaveSign = tee ? await signEnclave(enclave, resultHash(task, DIGEST), resultSeal(address, task, DIGEST)) : '0x';
    const authorization = await signAuthorization(poolOwner, address, task, challenge);
    const answer = callback ? CALLBACK_DATA : '0x';
    return await this.hub(worker, 'contributeAndFinalize', [task, DIGEST, RESULTS, answer, challenge, enclaveSign, authorization]);
  }

  /** Moves the clock by this many times the category's time, with a block. */
  async skip(times: bigint): Promise<void> {
    await this.anvil.call('evm_increaseTime', [Number(times * TIMEREF)]);
    await this.anvil.call('evm_mine');
  }

  async #create(kind: keyof MarketSystem['registries'], from: LocalAccount, data: Hex): Promise<{ gas: bigint; entry: Address }> {
    const receipt = await transactOrThrow(this.anvil, { from: from.address, to: this.system.registries[kind], data }, `create ${kind}`);
    const tokenId = BigInt(receipt.logs.at(-1)?.topics[3] ?? 0n);
    return { gas: BigInt(receipt.gasUsed), entry: toHex(tokenId, { size: 20 }) as Address };
  }

  async #token(from: LocalAccount, data: Hex): Promise<bigint> {
    return await this.#gas({ from: from.address, to: this.system.token, data }, 'token');
  }

  async #gas(transaction: Transaction, name: string): Promise<bigint> {
    return BigInt((await transactOrThrow(this.anvil, transaction, `${name} of ${this.system.name}`)).gasUsed);
  }
}
