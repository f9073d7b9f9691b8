import {
  type Chain,
  createApp,
  createChain,
  createSender,
  createWorkerpool,
  type Deployment,
  deployMarket,
  deposit,
  type OrderSet,
  type Sender,
  transferRlc,
} from '@gleaner/chain';
import { type Address, type Bytes32, type Hex, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import {
  NULL_DATASET_ORDER,
  type OrderKind,
  type Orders,
  orderDomain,
  orderTypedData,
  type Signed,
  STANDARD_CATEGORIES,
} from '@gleaner/protocol';
import { type LocalAccount, pad, toHex } from 'viem';
import { account, startAnvil, type TestChain } from './anvil.ts';

/** Contributions end after 14 s, everything after 20 s. */
const DEVELOPMENT_CATEGORY = { name: 'DEV', description: '""', workClockTimeRef: 2n };
export const CATEGORY_ID = BigInt(STANDARD_CATEGORIES.length);
export const RLC = 1_000_000_000n;

export interface TestMarket {
  readonly node: TestChain;
  readonly chain: Chain;
  readonly deployment: Deployment;
  readonly owner: Sender;
  readonly requester: Sender;
  readonly appOwner: Sender;
  readonly poolOwner: Sender;
  readonly workers: readonly Sender[];
  readonly app: Address;
  readonly workerpool: Address;
  /** Four signed orders that match; change any field. */
  orders(changes?: OrderChanges): Promise<OrderSet>;
  stop(): Promise<void>;
}

interface MarketOptions {
  readonly chainId?: number;
  /** Outside development chains; the default otherwise. */
  readonly timelockDelaySec?: number;
}

type OrderChanges = { readonly [K in Exclude<OrderKind, 'dataset'>]?: Partial<Orders[K]> };

/** A market with an app, a workerpool, three workers and funds for all. */
export async function startMarket({ timelockDelaySec, ...chainOptions }: MarketOptions = {}): Promise<TestMarket> {
  const node = await startAnvil({ blockTimeSec: 0.3, ...chainOptions });
  const categories = [...STANDARD_CATEGORIES, DEVELOPMENT_CATEGORY];
  const deployment = await deployMarket({
    rpcUrl: node.url,
    deployer: account(0),
    categories,
    ...(timelockDelaySec !== undefined && { timelockDelaySec }),
  });
  const chain = createChain({ rpcUrl: node.url, hubAddress: deployment.hubAddress });
  const senders = Array.from({ length: 7 }, (_, i) => createSender({ chain, account: account(i) }));
  const [owner, requester, appOwner, poolOwner, ...workers] = senders as [Sender, Sender, Sender, Sender, ...Sender[]];
  const funded = [requester, poolOwner, ...workers];
  await Promise.all(funded.map(({ address }) => transferRlc(owner, { recipient: address, amount: 1000n * RLC })));
  const [app, workerpool] = await Promise.all([
    createApp(appOwner, { name: 'moves', type: 'WASI', multiaddr: toHex('/ipfs/Qm'), checksum: pad('0x01') as Bytes32 }),
    createWorkerpool(poolOwner, { description: 'pool' }),
    ...funded.slice(1).map((sender) => deposit(sender, { amount: 100n * RLC })),
  ]);
  const pool = { app: app.address, workerpool: workerpool.address };
  return {
    node,
    chain,
    deployment,
    owner,
    requester,
    appOwner,
    poolOwner,
    workers,
    ...pool,
    orders: (changes = {}) => signOrders({ chain, appOwner, poolOwner, requester, ...pool }, changes),
    async stop() {
      for (const sender of senders) sender.close();
      await node.stop();
    },
  };
}

type Parties = Pick<TestMarket, 'chain' | 'appOwner' | 'poolOwner' | 'requester' | 'app' | 'workerpool'>;

async function signOrders({ chain, appOwner, poolOwner, requester, app, workerpool }: Parties, changes: OrderChanges): Promise<OrderSet> {
  const { chainId } = await chain.identify();
  const domain = orderDomain({ chainId, hubAddress: chain.hubAddress });
  const sign = async <K extends OrderKind>(kind: K, account: LocalAccount, order: Orders[K]): Promise<Signed<Orders[K]>> => ({
    ...order,
    sign: await account.signTypedData(orderTypedData(kind, order, domain) as never),
  });
  const open = { tag: ZERO_BYTES32, requesterrestrict: ZERO_ADDRESS };
  const salt = (): Bytes32 => toHex(crypto.getRandomValues(new Uint8Array(32))) as Bytes32;
  return {
    app: await sign('app', appOwner.account, {
      ...open,
      app,
      appprice: RLC,
      volume: 100n,
      datasetrestrict: ZERO_ADDRESS,
      workerpoolrestrict: ZERO_ADDRESS,
      salt: salt(),
      ...changes.app,
    }),
    dataset: { ...NULL_DATASET_ORDER, sign: '0x' as Hex },
    workerpool: await sign('workerpool', poolOwner.account, {
      ...open,
      workerpool,
      workerpoolprice: 10n * RLC,
      volume: 100n,
      category: CATEGORY_ID,
      trust: 100n,
      apprestrict: ZERO_ADDRESS,
      datasetrestrict: ZERO_ADDRESS,
      salt: salt(),
      ...changes.workerpool,
    }),
    request: await sign('request', requester.account, {
      app,
      appmaxprice: RLC,
      dataset: ZERO_ADDRESS,
      datasetmaxprice: 0n,
      workerpool: ZERO_ADDRESS,
      workerpoolmaxprice: 10n * RLC,
      requester: requester.address,
      volume: 1n,
      tag: ZERO_BYTES32,
      category: CATEGORY_ID,
      trust: 5n,
      beneficiary: requester.address,
      callback: ZERO_ADDRESS,
      params: '{"iexec_args":"hello"}',
      salt: salt(),
      ...changes.request,
    }),
  };
}
