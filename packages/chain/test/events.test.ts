import { hubAbi } from '@gleaner/abi';
import { type ChainLog, createChain, decodeHubLogs, decodeMarketLogs, fetchLogs, type MarketAddresses } from '@gleaner/chain';
import { type Address, GleanerError, type Hex } from '@gleaner/primitives';
import fc from 'fast-check';
import { type AbiEvent, encodeAbiParameters, encodeEventTopics, pad, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAnvil, type TestChain } from './anvil.ts';

const HUB: Address = '0x00000000000000000000000000000000000000A1';
const addresses: MarketAddresses = {
  hub: HUB,
  token: '0x00000000000000000000000000000000000000A2',
  registries: {
    app: '0x00000000000000000000000000000000000000a3',
    dataset: '0x00000000000000000000000000000000000000A4',
    workerpool: '0x00000000000000000000000000000000000000A5',
  },
};

const events = hubAbi.filter((item): item is Extract<(typeof hubAbi)[number], { type: 'event' }> => item.type === 'event');
/** Of the diamond itself; it changes no value of the market. */
const IGNORED = ['DiamondCut'];
const FIXED_TYPES: Readonly<Record<string, unknown>> = {
  address: HUB,
  bytes32: pad('0x11'),
  uint256: 7n,
  bytes: '0x1234',
  string: 'text',
  bool: true,
};

describe('decoding', () => {
  test.each(events.filter(({ name }) => !IGNORED.includes(name)).map((event) => [event.name, event as AbiEvent] as const))(
    'gives a value for %s',
    (name, event) => {
      const [decoded] = decodeHubLogs([logOf(event)]);
      const generic = name.replace(/^(Signed|Closed|Broadcast)(App|Dataset|Workerpool|Request)/, '$1');
      expect(decoded).toMatchObject({ name: generic, blockNumber: 5n, logIndex: 3 });
      expect(Object.values(decoded ?? {})).not.toContain(undefined);
    },
  );

  test('leaves out what it does not know, and never throws', () => {
    const topic = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes): Hex => toHex(bytes));
    const known = fc.constantFrom(...events).map((event) => encodeEventTopics({ abi: [event as AbiEvent] })[0] as Hex);
    const anyLog = fc.record({
      address: fc.constantFrom(HUB, ...Object.values(addresses.registries), addresses.token),
      topics: fc.array(fc.oneof(topic, known), { maxLength: 4 }),
      data: fc.uint8Array({ maxLength: 200 }).map((bytes): Hex => toHex(bytes)),
    });
    fc.assert(
      fc.property(fc.array(anyLog, { maxLength: 5 }), (logs) => {
        expect(decodeMarketLogs(logs.map(placed), addresses).length).toBeLessThanOrEqual(logs.length);
      }),
    );
  });
});

describe('fetching', () => {
  let node: TestChain;
  beforeAll(async () => {
    node = await startAnvil();
    await node.rpc('anvil_mine', '0x40');
  });
  afterAll(() => node.stop());

  test('halves the range until the provider answers, and asks for every block once', async () => {
    const asked: [bigint, bigint][] = [];
    const chain = createChain({ rpcUrl: node.url, hubAddress: HUB });
    const limited = {
      ...chain,
      async attempt<T>(run: (client: typeof chain.client) => Promise<T>): Promise<T> {
        const request = async ({ method, params }: { method: string; params: [{ fromBlock: Hex; toBlock: Hex }] }) => {
          const [from, to] = [BigInt(params[0].fromBlock), BigInt(params[0].toBlock)];
          if (to - from >= 10n) throw new GleanerError('internal-error', 'query exceeds max block range 10');
          asked.push([from, to]);
          return chain.client.request({ method, params } as never);
        };
        return run({ ...chain.client, request } as never);
      },
    };
    expect(await fetchLogs(limited, { from: 0n, to: 60n })).toEqual([]);
    const covered = asked.flatMap(([from, to]) => Array.from({ length: Number(to - from) + 1 }, (_, i) => Number(from) + i));
    expect(covered).toEqual(Array.from({ length: 61 }, (_, i) => i));
  });

  test('an unreachable chain is not asked again and again', async () => {
    const chain = createChain({ rpcUrl: 'http://127.0.0.1:1', hubAddress: HUB, retries: 0 });
    await expect(fetchLogs(chain, { from: 0n, to: 1000n })).rejects.toMatchObject({ code: 'chain-unreachable' });
  });

  test('two connections to one chain do not end together', async () => {
    const control = new AbortController();
    const doomed = createChain({ rpcUrl: node.url, hubAddress: HUB, signal: control.signal });
    const other = createChain({ rpcUrl: node.url, hubAddress: HUB });
    const [ended, served] = [doomed.head(), other.head()];
    control.abort();
    await expect(ended).rejects.toMatchObject({ code: 'aborted' });
    expect((await served).number).toBeGreaterThan(0n);
  });

  test('the identity of a chain is checked, blocks above the head are absent', async () => {
    const identity = await node.chain.identify();
    await node.chain.identify(identity);
    await expect(node.chain.identify({ ...identity, genesisHash: pad('0x12') as never })).rejects.toMatchObject({ code: 'chain-replaced' });
    expect(await node.chain.block(1_000_000n)).toBeUndefined();
    expect((await node.chain.block(2n))?.parentHash).toBe((await node.chain.block(1n))?.hash);
  });
});

function logOf(event: AbiEvent): ChainLog {
  const value = (input: { type: string; components?: readonly { name?: string; type: string }[] }): unknown =>
    input.type === 'tuple'
      ? Object.fromEntries((input.components ?? []).map((component) => [component.name, value(component)]))
      : FIXED_TYPES[input.type];
  const args = Object.fromEntries(event.inputs.map((input) => [input.name, value(input as never)]));
  const plain = event.inputs.filter((input) => !input.indexed);
  return placed({
    address: HUB,
    topics: encodeEventTopics({ abi: [event], eventName: event.name, args } as never) as Hex[],
    data: encodeAbiParameters(plain, plain.map((input) => value(input as never)) as never),
  });
}

function placed(log: Pick<ChainLog, 'address' | 'topics' | 'data'>): ChainLog {
  return { ...log, blockNumber: 5n, blockHash: pad('0x21'), transactionHash: pad('0x22'), transactionIndex: 1, logIndex: 3 };
}
