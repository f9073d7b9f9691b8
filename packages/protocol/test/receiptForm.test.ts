import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { bytesToHex, fromRlp, type Hex, hexToBytes, toRlp } from 'viem';
import { describe, expect, it } from 'vitest';
import { decodeRlp, type RlpItem } from '../src/receipts/chain/strictRlp.ts';
import { encodeCanonical } from '../src/receipts/format/canonicalJson.ts';
import { FORM_CODES, INCLUSION_CODES, RULE_CODES, SIGNATURE_CODES } from '../src/receipts/receiptCodes.ts';

describe('the page of the format', () => {
  it('names every code of a verifier', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/receipt.md'), 'utf8');
    const missing = [...FORM_CODES, ...RULE_CODES, ...SIGNATURE_CODES, ...INCLUSION_CODES].filter((code) => !page.includes(`\`${code}\``));
    expect(missing).toEqual([]);
  });
});

type Nested = Uint8Array | Nested[];
const { item: anyItem } = fc.letrec<{ item: Nested }>((tie) => ({
  item: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.uint8Array({ maxLength: 70 }),
    fc.array(tie('item') as fc.Arbitrary<Nested>, { maxLength: 6 }),
  ) as fc.Arbitrary<Nested>,
}));
const toHexItem = (item: RlpItem): unknown => (item instanceof Uint8Array ? bytesToHex(item) : item.map(toHexItem));

describe('strict RLP', () => {
  it('law: reads what is encoded, and gives back what was encoded', () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        const encoded = toRlp(toHexItem(item) as Hex);
        expect(toHexItem(decodeRlp(hexToBytes(encoded)))).toEqual(toHexItem(item));
      }),
    );
  });

  it('law: whatever it reads, its encoding is those bytes and no others', () => {
    fc.assert(
      fc.property(anyItem, fc.nat(), fc.nat(255), (item, at, byte) => {
        const bytes = hexToBytes(toRlp(toHexItem(item) as Hex));
        bytes[at % bytes.length] = byte;
        const read = attempt(() => decodeRlp(bytes));
        if (read === undefined) return;
        expect(toRlp(toHexItem(read) as Hex)).toBe(bytesToHex(bytes));
        expect(fromRlp(bytesToHex(bytes), 'hex')).toEqual(toHexItem(read));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a small byte with a prefix', '0x8105'],
    ['a long form of a short length', '0xb80161'],
    ['a length with a leading zero', `0xb90038${'61'.repeat(56)}`],
    ['bytes after the item', '0x8000'],
    ['an item beyond the end', '0x83616'.concat('1')],
    ['an item beyond its list', '0xc2836161'],
    ['nothing', '0x'],
    ['a hundred lists', `0x${nested(100)}`],
  ])('%s is refused', (_, hex) => {
    expect(() => decodeRlp(hexToBytes(hex as Hex))).toThrow(RangeError);
  });
});

/** `depth` lists, each in the one before. */
function nested(depth: number): string {
  let encoded: Hex = '0xc0';
  for (let level = 1; level < depth; level += 1) encoded = toRlp([fromRlp(encoded, 'hex')] as never);
  return encoded.slice(2);
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return undefined;
  }
}

describe('canonical form', () => {
  const { value: anyValue } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'grapheme' }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), tie('value'), { maxKeys: 4 }),
    ),
  }));

  it('law: it is JSON for the same value, without white space, and a fixed point', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = encodeCanonical(value as never);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(encodeCanonical(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('members are sorted, however they were written', () => {
    expect(encodeCanonical({ b: '1', a: ['\u0007\n"é'], B: {} })).toBe('{"B":{},"a":["\\u0007\\n\\"é"],"b":"1"}');
  });

  it('refuses a lone surrogate', () => {
    expect(() => encodeCanonical('\ud800')).toThrow(RangeError);
  });
});
