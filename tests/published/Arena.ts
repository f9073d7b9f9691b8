import { appRegistryAbi, artifacts, hubAbi, tokenAbi } from '@gleaner/abi';
import type { Address, Hex } from '@gleaner/primitives';
import { hashDomain } from '@gleaner/protocol';
import {
  type Anvil,
  deployOurs,
  deployPublished,
  domainOf,
  type MarketSystem,
  publishedArtifact,
  type ReceiptLog,
  startAnvil,
  transactOrThrow,
} from '@gleaner/testkit/published';
import { concat, encodeDeployData, getCreate2Address, keccak256, toHex } from 'viem';
import { ACTORS, HELPERS, WALLET, WORKERS } from './actors.ts';
import { type Both, both, bothLater } from './both.ts';
import { Counterparts } from './Counterparts.ts';
import { appCreation, datasetCreation, INITIALIZATIONS, NEW_NAMES, NEW_OWNERS, workerpoolCreation } from './creations.ts';
import { type Answer, encodeLoosely, type PairedCall } from './PairedCall.ts';
import { postJson } from './postJson.ts';
import { type Asset, type AssetKind, TIMEREFS, World } from './World.ts';

const RLC = 1_000_000_000n;
/** Everyone holds this many nRLC outside the escrow and as many in it. */
export const PURSE = 1_000n * RLC;
const GAS = toHex(3_000_000);
const GAS_PRICE = toHex(10_000_000_000);
const RICH = toHex(10n ** 24n);
const BATCH = 200;
/** The published contracts start with 100 000; 6.2.0 with 200 000. */
const CALLBACK_GAS = 200_000n;

interface MinedTransaction {
  readonly hash: Hex;
  readonly output?: Hex;
}

/** Contracts of the package that take part, with the addresses they get. */
const CLIENTS = { testClient: 'TestClient', gasWaster: 'GasWasterClient', group: 'ERC734Mock' } as const;
export const CLIENT_ADDRESSES: Readonly<Record<keyof typeof CLIENTS, Address>> = {
  testClient: '0x1154000000000000000000000000000000001154',
  gasWaster: '0x1154000000000000000000000000000000006a5a',
  group: '0x0734000000000000000000000000000000000734',
};

interface Opened {
  readonly anvil: Anvil;
  readonly systems: Both<MarketSystem>;
  readonly callbackGas: Both<bigint>;
  readonly assets: readonly Asset[];
  readonly counterparts: Counterparts;
  readonly start: bigint;
  readonly snapshot: Hex;
}

/** Both systems on one chain, ready and alike; every call goes to both in the same block. */
export class Arena {
  readonly systems: Both<MarketSystem>;
  /** What `callbackgas()` said before the published hub was brought to the value of ours. */
  readonly callbackGasAtStart: Both<bigint>;
  readonly #anvil: Anvil;
  readonly #assets: readonly Asset[];
  readonly #counterparts: Counterparts;
  readonly #start: bigint;
  #snapshot: Hex;
  #nonces = new Map<Address, number>();
  #nextId = 0;

  private constructor({ anvil, systems, callbackGas, assets, counterparts, start, snapshot }: Opened) {
    this.#anvil = anvil;
    this.systems = systems;
    this.callbackGasAtStart = callbackGas;
    this.#assets = assets;
    this.#counterparts = counterparts;
    this.#start = start;
    this.#snapshot = snapshot;
  }

  static async open(): Promise<Arena> {
    const anvil = await startAnvil({ keepHistory: false });
    try {
      const owner = ACTORS.owner.address;
      const categories = TIMEREFS.map((workClockTimeRef, id) => ({ name: `category ${id}`, description: '""', workClockTimeRef }));
      const ours = await deployOurs({ anvil, categories });
      const creation = encodeDeployData({ abi: artifacts.RLC.abi, bytecode: artifacts.RLC.bytecode, args: [owner] });
      const token = (await transactOrThrow(anvil, { from: owner, data: creation }, 'RLC')).contractAddress;
      const published = await deployPublished({ anvil, owner, categories, ...(token && { token }) });
      const systems = [published, ours] as const;
      const counterparts = new Counterparts();
      await placeContracts(anvil);
      for (const system of systems) await furnish(anvil, system);
      const callbackGas = await bothLater(async (side) => {
        const request = { to: systems[side].hub, data: encodeLoosely(hubAbi, 'callbackgas', []) };
        return BigInt(await anvil.call<Hex>('eth_call', [request, 'latest']));
      });
      await transactOrThrow(
        anvil,
        { from: owner, to: published.hub, data: encodeLoosely(hubAbi, 'setCallbackGas', [CALLBACK_GAS]) },
        'callback gas',
      );
      const assets = await createAssets(anvil, systems);
      for (const pair of fixedPairs(systems, assets)) counterparts.add(pair);
      for (const pair of await foreseeEntries(anvil, systems)) counterparts.add(pair);
      await anvil.call('anvil_autoImpersonateAccount', [true]);
      await anvil.call('evm_setAutomine', [false]);
      const { timestamp } = await anvil.call<{ timestamp: Hex }>('eth_getBlockByNumber', ['latest', false]);
      const snapshot = await anvil.call<Hex>('evm_snapshot');
      return new Arena({ anvil, systems, callbackGas, assets, counterparts, start: BigInt(timestamp) + 1000n, snapshot });
    } catch (error) {
      await anvil.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#anvil.close();
  }

  /** Back to where everything is new. */
  async reset(): Promise<World> {
    await this.#anvil.call('evm_revert', [this.#snapshot]);
    this.#snapshot = await this.#anvil.call<Hex>('evm_snapshot');
    this.#nonces = new Map();
    return new World(this.#counterparts.copy(), this.#assets, this.#start);
  }

  /** Sends the call to both, in one block of this timestamp. */
  async send(call: PairedCall, timestamp: bigint): Promise<Both<Answer>> {
    const first = await this.#nonce(call.from);
    const transactions = both((side) => ({
      method: 'eth_sendTransaction',
      params: [
        {
          from: call.from,
          to: call.to[side],
          data: call.data[side],
          gas: GAS,
          gasPrice: GAS_PRICE,
          nonce: toHex(first + side),
          ...(call.value && { value: toHex(call.value) }),
        },
      ],
    }));
    const hashes = await this.#batch<Hex>(transactions);
    this.#nonces.set(call.from, first + 2);
    const mining = { method: 'evm_mine_detailed', params: [{ timestamp: Number(timestamp) }] };
    const [[block] = []] = await this.#batch<{ transactions: MinedTransaction[] }[]>([mining]);
    const [receipts = []] = await this.#batch<{ transactionHash: Hex; status: Hex; logs: ReceiptLog[] }[]>([
      { method: 'eth_getBlockReceipts', params: ['latest'] },
    ]);
    return both((side) => {
      const receipt = receipts.find(({ transactionHash }) => transactionHash === hashes[side]);
      const mined = block?.transactions.find(({ hash }) => hash === hashes[side]);
      if (!receipt || !mined) throw new Error(`The block lacks the ${side === 0 ? 'published' : 'own'} transaction of ${call.name}`);
      return { succeeded: receipt.status === '0x1', output: mined.output ?? '0x', logs: receipt.logs };
    });
  }

  /** Asks both the same questions at the head. */
  async ask(calls: readonly PairedCall[]): Promise<Both<Answer>[]> {
    const answers: Both<Answer>[] = [];
    for (let from = 0; from < calls.length; from += BATCH) {
      const part = calls.slice(from, from + BATCH);
      const requests = part.flatMap((call) =>
        both((side) => ({
          method: 'eth_call',
          params: [{ from: call.from, to: call.to[side], data: call.data[side], gas: GAS }, 'latest'],
        })),
      );
      const found = await this.#post(requests);
      for (const index of part.keys()) answers.push(both((side) => toAnswer(found[2 * index + side])));
    }
    return answers;
  }

  async #nonce(account: Address): Promise<number> {
    const known = this.#nonces.get(account);
    return known ?? Number(await this.#anvil.call<Hex>('eth_getTransactionCount', [account, 'latest']));
  }

  async #batch<T>(requests: readonly RpcRequest[]): Promise<T[]> {
    return (await this.#post(requests)).map(({ result, error }) => {
      if (error) throw new Error(error.message);
      return result as T;
    });
  }

  async #post(requests: readonly RpcRequest[]): Promise<RpcAnswer[]> {
    const body = requests.map(({ method, params }) => ({ jsonrpc: '2.0', id: this.#nextId++, method, params }));
    const answers = (await postJson(this.#anvil.url, body)) as RpcAnswer[];
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    return body.map(({ id, method }) => {
      const answer = byId.get(id);
      if (!answer) throw new Error(`The node left ${method} unanswered`);
      return answer;
    });
  }
}

interface RpcRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

interface RpcAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: unknown };
}

function toAnswer(answer: RpcAnswer | undefined): Answer {
  if (answer?.error === undefined) return { succeeded: true, output: (answer?.result ?? '0x') as Hex, logs: [] };
  const { data } = answer.error;
  return { succeeded: false, output: (typeof data === 'string' ? data : '0x') as Hex, logs: [] };
}

async function placeContracts(anvil: Anvil): Promise<void> {
  const codes: (readonly [Address, Hex])[] = Object.values(HELPERS).map(({ address, code }) => [address, code]);
  const deployed = (name: string) =>
    (publishedArtifact(`tools/testing/${name}.sol`) as unknown as { deployedBytecode: Hex }).deployedBytecode;
  for (const [key, name] of Object.entries(CLIENTS)) codes.push([CLIENT_ADDRESSES[key as keyof typeof CLIENTS], deployed(name)]);
  codes.push([WALLET, deployed('ERC1271Mock')]);
  for (const [address, code] of codes) {
    await anvil.call('anvil_setCode', [address, code]);
    await anvil.call('anvil_setBalance', [address, RICH]);
  }
  const member = encodeLoosely(publishedArtifact('tools/testing/ERC734Mock.sol').abi, 'setKeyHasPurpose', [
    toHex(BigInt(ACTORS.requester.address), { size: 32 }),
    4n,
  ]);
  await transactOrThrow(anvil, { from: ACTORS.owner.address, to: CLIENT_ADDRESSES.group, data: member }, 'group');
}

/** Tokens for everybody, half of them in the escrow. */
async function furnish(anvil: Anvil, { token, hub }: MarketSystem): Promise<void> {
  const owner = ACTORS.owner.address;
  const people = [...Object.values(ACTORS), ...WORKERS].map(({ address }) => address);
  for (const to of [...people.filter((person) => person !== owner), WALLET])
    await transactOrThrow(anvil, { from: owner, to: token, data: encodeLoosely(tokenAbi, 'transfer', [to, 2n * PURSE]) }, 'transfer');
  for (const from of people) {
    await transactOrThrow(anvil, { from, to: token, data: encodeLoosely(tokenAbi, 'approve', [hub, 2n * PURSE]) }, 'approve');
    await transactOrThrow(anvil, { from, to: hub, data: encodeLoosely(hubAbi, 'deposit', [PURSE]) }, 'deposit');
  }
  const forWallet = encodeLoosely(hubAbi, 'depositFor', [PURSE / 10n, WALLET]);
  await transactOrThrow(anvil, { from: ACTORS.sponsor.address, to: hub, data: forWallet }, 'depositFor');
}

async function createAssets(anvil: Anvil, systems: Both<MarketSystem>): Promise<Asset[]> {
  const { appOwner, datasetOwner, poolOwner } = ACTORS;
  const plans: readonly { readonly kind: AssetKind; readonly owner: Address; readonly data: Hex }[] = [
    { kind: 'app', owner: appOwner.address, data: appCreation(appOwner.address, 'first app') },
    { kind: 'app', owner: WALLET, data: appCreation(WALLET, 'second app') },
    { kind: 'dataset', owner: datasetOwner.address, data: datasetCreation(datasetOwner.address, 'first data set') },
    { kind: 'dataset', owner: WALLET, data: datasetCreation(WALLET, 'second data set') },
    { kind: 'workerpool', owner: poolOwner.address, data: workerpoolCreation(poolOwner.address, 'first pool') },
    { kind: 'workerpool', owner: ACTORS.sponsor.address, data: workerpoolCreation(ACTORS.sponsor.address, 'second pool') },
  ];
  const assets: Asset[] = [];
  for (const { kind, owner, data } of plans) {
    const entries: Address[] = [];
    for (const { registries } of systems) {
      const receipt = await transactOrThrow(anvil, { from: ACTORS.owner.address, to: registries[kind], data }, `create ${kind}`);
      entries.push(toHex(BigInt(receipt.logs.at(-1)?.topics[3] ?? 0), { size: 20 }) as Address);
    }
    assets.push({ kind, owner, entry: both((side) => entries[side] as Address) });
  }
  return assets;
}

function fixedPairs(systems: Both<MarketSystem>, assets: readonly Asset[]): Both<Hex>[] {
  const of = (pick: (system: MarketSystem) => Hex): Both<Hex> => both((side) => pick(systems[side]));
  return [
    of(({ hub }) => hub),
    of(({ token }) => token),
    of(({ registries }) => registries.app),
    of(({ registries }) => registries.dataset),
    of(({ registries }) => registries.workerpool),
    of((system) => hashDomain(domainOf(system))),
    ...assets.map(({ entry }) => entry),
  ];
}

/** Where each registry will put the assets that a sequence may create: CREATE2, the salt over the initialisation and the owner. */
async function foreseeEntries(anvil: Anvil, systems: Both<MarketSystem>): Promise<Both<Address>[]> {
  const pairs: Both<Address>[] = [];
  for (const kind of ['app', 'dataset', 'workerpool'] as const) {
    const hashes = await bothLater(async (side) => {
      const request = { to: systems[side].registries[kind], data: encodeLoosely(appRegistryAbi, 'proxyCodeHash', []) };
      return await anvil.call<Hex>('eth_call', [request, 'latest']);
    });
    for (const owner of NEW_OWNERS)
      for (const name of NEW_NAMES) {
        const salt = keccak256(concat([INITIALIZATIONS[kind](name), owner]));
        pairs.push(
          both((side) => getCreate2Address({ from: systems[side].registries[kind], salt, bytecodeHash: hashes[side] }) as Address),
        );
      }
  }
  return pairs;
}
