import type { Bytes32 } from '@gleaner/primitives';
import { isProven, KITTY_ADDRESS, readReceipt } from '@gleaner/protocol';
import { buildReceipt, buildTrie, createGleaner } from '@gleaner/sdk';
import fc from 'fast-check';
import { bytesToHex, type Hex, keccak256, toRlp } from 'viem';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DealPlan } from './anyDealPlan.ts';
import { BREAKINGS } from './breakReceipt.ts';
import { forgeReceipt } from './forgeReceipt.ts';
import { judge, meets } from './judge.ts';
import { playReceipts, type RealReceipt } from './makeReceipts.ts';
import { playDeals } from './playDeals.ts';
import { startReceiptMarket } from './receiptMarket.ts';
import { startForgetfulNode } from './startForgetfulNode.ts';
import { parseWire } from './wire.ts';

const deep = process.env['GLEANER_DEEP'] !== undefined;
/** Receipts that each breaking is tried on. */
const MOST = deep ? 60 : 1;
const FLIPS = 400;
const seed = Number(process.env['GLEANER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.info(`receipts: GLEANER_SEED=${seed}`);

const KITTY = KITTY_ADDRESS.slice(2).toLowerCase();
const fileOf = (text: string): Uint8Array => new TextEncoder().encode(text);
let receipts: readonly RealReceipt[] = [];
beforeAll(async () => {
  receipts = await playReceipts(deep ? 30 : 12, seed);
}, 1_800_000);

describe('receipts of a real chain', () => {
  test('each has all three verdicts, and no anchor is taken for granted', async () => {
    for (const { text, anchors } of receipts) {
      expect(await judge(fileOf(text), anchors)).toEqual({ rules: 'passed', signatures: 'passed', inclusion: 'anchored' });
      expect(await judge(fileOf(text), [])).toEqual({ rules: 'passed', signatures: 'passed', inclusion: 'not-anchored' });
      expect(await judge(fileOf(text), [keccak256('0x') as Bytes32])).toMatchObject({ inclusion: 'failed' });
    }
  });

  test('they tell of completed and of failed tasks, of liars, of tasks done by one alone and of the kitty', () => {
    const wires = receipts.map(({ text }) => parseWire(text));
    expect(new Set(wires.map(({ outcome }) => outcome))).toEqual(new Set(['completed', 'failed']));
    expect(wires.some(({ scores }) => scores.length > 2)).toBe(true);
    expect(wires.some(({ signing }) => signing['dataset'] === 'account')).toBe(true);
    const fromKitty = wires.filter(({ outcome, transactions }) => outcome === 'completed' && transactions.at(-1)?.receipt.includes(KITTY));
    expect(fromKitty.length).toBeGreaterThan(0);
  });

  test('a block hash covers its ancestors and nothing after it', async () => {
    const withParent = receipts.flatMap(({ text }) => {
      const parent = readReceipt(fileOf(text)).headers.at(-2)?.hash;
      return parent === undefined ? [] : [{ file: fileOf(text), parent }];
    });
    expect(withParent.length).toBeGreaterThan(0);
    for (const { file, parent } of withParent.slice(0, 6)) expect(await judge(file, [parent])).toMatchObject({ inclusion: 'not-anchored' });
  });
});

describe(`a changed receipt (each change of ${MOST}, of 60 in npm run test:deep)`, () => {
  test.each(BREAKINGS)('$kind is noticed', async ({ apply, expected }) => {
    let applied = 0;
    for (const [at, { text, anchors }] of inTurn()) {
      if (applied >= MOST) break;
      const broken = await apply(text, at * 17 + (seed % 1000));
      if (broken === undefined) continue;
      applied += 1;
      const said = await judge(fileOf(broken), anchors);
      expect({ at, said, noticed: meets(said, expected) }).toEqual({ at, said, noticed: true });
    }
    expect(applied).toBeGreaterThan(0);
  });

  test(deep ? 'every byte flipped' : `${FLIPS} bytes flipped, from one end to the other (every byte in npm run test:deep)`, () => {
    const [{ text }] = [...receipts].sort((a, b) => a.text.length - b.text.length) as [RealReceipt];
    const file = fileOf(text);
    const step = deep ? 1 : Math.ceil(file.length / FLIPS);
    let unnoticed = 0;
    for (let at = seed % step, flip = 0; at < file.length; at += step, flip += 1) {
      const mask = 1 << ((flip + seed) % 8);
      file[at] = (file[at] as number) ^ mask;
      if (isRead(file)) unnoticed += 1;
      file[at] = (file[at] as number) ^ mask;
    }
    expect(isRead(file)).toBe(true);
    expect(unnoticed).toBe(0);
  }, 3_600_000);

  test('law: no bytes make it throw anything but a typed refusal', () => {
    const [{ text }] = receipts as readonly [RealReceipt];
    const anyCut = fc.tuple(fc.nat(text.length), fc.nat(text.length), fc.string());
    fc.assert(
      fc.property(anyCut, ([from, to, patch]) => !isRead(fileOf(`${text.slice(0, from)}${patch}\u0000${text.slice(to)}`))),
      { seed, numRuns: 100 },
    );
  });
});

/** The receipts from one on that the seed chooses. */
function inTurn(): readonly (readonly [number, RealReceipt])[] {
  const all = [...receipts.entries()];
  return [...all.slice(seed % all.length), ...all.slice(0, seed % all.length)];
}

function isRead(file: Uint8Array): boolean {
  try {
    readReceipt(file);
    return true;
  } catch (error) {
    expect((error as { code?: string }).code).toBe('receipt-malformed');
    return false;
  }
}

describe('a forger with keys of his own', () => {
  test('passes what he can sign himself, and fails under the hash of the real chain', async () => {
    for (const { text, anchors } of receipts.slice(deep ? -8 : -4)) {
      const forged = await forgeReceipt(text);
      expect(parseWire(forged).chainId).toBe(parseWire(text).chainId);
      expect(parseWire(forged).hubAddress).toBe(parseWire(text).hubAddress);
      expect(await judge(fileOf(forged), [])).toEqual({ rules: 'passed', signatures: 'passed', inclusion: 'not-anchored' });
      expect(await judge(fileOf(forged), anchors)).toEqual({ rules: 'passed', signatures: 'passed', inclusion: 'failed' });
    }
  });
});

describe('a task of many blocks', () => {
  test.runIf(process.env['GLEANER_DEEP'])(
    'needs an anchor for each run of linked headers; a node without eth_getBlockReceipts gives the same file (in npm run test:deep)',
    async () => {
      const market = await startReceiptMarket();
      try {
        const plan: DealPlan = {
          ...SILENT,
          tasks: [{ order: [0, 1], results: [0, 1, 0, 0, 0, 0, 0], reveals: 'none', abandoned: true, alone: false, ignored: false }],
        };
        const [taskId] = await playDeals(market, [plan], async () => {
          for (let mined = 0; mined < 2100; mined += 150) await market.node.admin('anvil_mine', ['0x96', '0x0']);
        });
        const { text, report } = await buildReceipt(market.gleaner, taskId as never);
        const ends = report.inclusion.ends.map(({ hash }) => hash);
        expect(ends.length).toBeGreaterThan(1);
        expect(await judge(fileOf(text), ends)).toMatchObject({ rules: 'passed', signatures: 'passed', inclusion: 'anchored' });
        for (const end of ends) expect(await judge(fileOf(text), [end])).toMatchObject({ inclusion: 'not-anchored' });
        const node = await startForgetfulNode(market.node.rpcUrl, ['eth_getBlockReceipts']);
        try {
          const other = createGleaner({ network: { ...market.gleaner.network, rpcUrl: node.rpcUrl } });
          expect((await buildReceipt(other, taskId as never)).text).toBe(text);
          expect(node.refused).not.toEqual([]);
          other.close();
        } finally {
          node.close();
        }
      } finally {
        await market.close();
      }
    },
  );
});

const SILENT = {
  trust: 9n,
  appPrice: 1n,
  datasetPrice: undefined,
  poolPrice: 1_000n,
  match: 'plain',
  claimTogether: false,
  params: '',
} as const;

describe('tries', () => {
  const anyValues = fc
    .array(fc.uint8Array({ minLength: 1, maxLength: 80 }), { minLength: 1, maxLength: 300, size: 'max' })
    .map((values) => values.map((value) => bytesToHex(value)));
  const keyOf = (index: number): Hex => toRlp(index === 0 ? '0x' : (`0x${index.toString(16).padStart(index > 255 ? 4 : 2, '0')}` as Hex));

  test('law: each value is proven at its place, and neither there another nor elsewhere', () => {
    fc.assert(
      fc.property(anyValues, fc.nat(), fc.nat(), (values, one, other) => {
        const [at, elsewhere] = [one % values.length, other % values.length];
        const trie = buildTrie(values);
        const proof = { root: trie.root as Bytes32, proof: trie.prove(at), key: keyOf(at), value: values[at] as Hex };
        expect(isProven(proof)).toBe(true);
        expect(isProven({ ...proof, value: `${values[at]}00` as Hex })).toBe(false);
        expect(isProven({ ...proof, proof: proof.proof.slice(1) })).toBe(false);
        if (elsewhere !== at) expect(isProven({ ...proof, key: keyOf(elsewhere) })).toBe(false);
      }),
      { seed, numRuns: 60 },
    );
  });
});
