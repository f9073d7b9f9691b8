import { isGleanerError } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeManifest, embedManifest, type ProgramManifest, readManifest } from '../src/index.ts';
import { anyManifest } from '../src/testing.ts';

/** Generating a manifest is the slow part. */
const RUNS = { numRuns: process.env['GLEANER_DEEP'] ? 2_000 : 12 };
const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = 'gleaner.manifest';

describe('manifest in a module', () => {
  it('is read back as it was put in, and replaces the one before it', () => {
    fc.assert(
      fc.property(anyModule(), anyManifest(), anyManifest(), (module, first, second) => {
        const once = embedManifest(module, first);
        expect(readManifest(once)).toEqual(first);
        expect(embedManifest(embedManifest(module, second), first)).toEqual(once);
        expect(embedManifest(once, first)).toEqual(once);
      }),
      RUNS,
    );
  });

  it('stands right after the header, and every other section stays as it was, in its order', () => {
    fc.assert(
      fc.property(anyModule(), anyManifest(), (module, manifest) => {
        const bytes = Buffer.from(embedManifest(module, manifest));
        expect([...bytes.subarray(0, 8)]).toEqual(HEADER);
        expect(bytes.subarray(-(module.length - 8) || bytes.length)).toEqual(Buffer.from(module.subarray(8)));
        expect(WebAssembly.Module.customSections(new WebAssembly.Module(bytes), SECTION)).toHaveLength(1);
        const json = Buffer.from(WebAssembly.Module.customSections(new WebAssembly.Module(bytes), SECTION)[0] as ArrayBuffer).toString();
        expect(json).not.toContain('\n');
        expect(JSON.parse(json)).toEqual(manifest);
      }),
      RUNS,
    );
  });

  it('is found in the beginning of the module alone', () => {
    fc.assert(
      fc.property(anyModule(), anyManifest(), fc.nat(), (module, manifest, cut) => {
        const bytes = embedManifest(module, manifest);
        const least = bytes.length - module.length + 8;
        expect(readManifest(bytes.subarray(0, least + (cut % (bytes.length - least + 1))))).toEqual(manifest);
      }),
      RUNS,
    );
  });

  it('does not describe the module it is in', () => {
    const [manifest] = fc.sample(anyManifest(), { numRuns: 1, seed: 7 }) as [ProgramManifest];
    const described = {
      ...manifest,
      module: { file: 'a.wasm', sizeBytes: 1, sha256: `0x${'0'.repeat(64)}`, cid: 'Q'.repeat(46) } as const,
    };
    expect(readManifest(embedManifest(Uint8Array.from(HEADER), described))).toEqual(manifest);
    const inside = withSection(Uint8Array.from(HEADER), SECTION, Buffer.from(JSON.stringify(described)));
    expect(() => readManifest(inside)).toThrow(expect.objectContaining({ code: 'manifest-invalid' }));
  });

  it('no bytes make the reader fail with anything but manifest-invalid', () => {
    fc.assert(
      fc.property(anyHostileModule(), (module) => {
        try {
          readManifest(module);
        } catch (error) {
          expect(isGleanerError(error) && error.code).toBe('manifest-invalid');
        }
      }),
      { numRuns: 5 * RUNS.numRuns },
    );
  });

  it.each([
    ['no JSON', Buffer.from('{')],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['another value', Buffer.from('[]')],
    ['an empty section', Buffer.of()],
    ['too long a text', Buffer.alloc(300_000, ' ')],
  ])('%s is refused', (_, payload) => {
    const module = withSection(Uint8Array.from(HEADER), SECTION, payload);
    expect(() => readManifest(module)).toThrow(expect.objectContaining({ code: 'manifest-invalid' }));
  });

  it('a module without one has none, and what is no module neither', () => {
    fc.assert(fc.property(anyModule(), (module) => readManifest(module) === undefined));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => bytes[0] === 0 || readManifest(bytes) === undefined));
    const [manifest] = fc.sample(anyManifest(), { numRuns: 1, seed: 7 }) as [ProgramManifest];
    expect(() => embedManifest(Buffer.from('#!/bin/sh'), manifest)).toThrow(expect.objectContaining({ code: 'program-not-wasm' }));
  });
});

describe('manifest', () => {
  it('a field that is wrong is named', () => {
    fc.assert(
      fc.property(anyManifest(), fc.constantFrom(...WRONG), (manifest, [field, wrong]) => {
        expect(() => decodeManifest({ ...manifest, ...wrong })).toThrow(
          expect.objectContaining({ code: 'manifest-invalid', details: expect.objectContaining({ field }) }),
        );
      }),
      RUNS,
    );
  });

  it('a text that could write to the terminal is refused wherever it stands', () => {
    fc.assert(
      fc.property(anyManifest(), fc.constantFrom('\x1b[2J', '\n', '\r', '\u202e', '\x00', '\x9b'), (manifest, text) => {
        for (const field of ['title', 'description', 'example'] as const) {
          expect(() => decodeManifest({ ...manifest, [field]: `a${text}b` })).toThrow(
            expect.objectContaining({ code: 'manifest-invalid' }),
          );
        }
      }),
      RUNS,
    );
  });
});

const number = { type: 'integer', name: 'n', description: 'd' };
const WRONG: readonly (readonly [string, object])[] = [
  ['manifestVersion', { manifestVersion: 2 }],
  ['name', { name: 'Upper Case' }],
  ['type', { type: 'DOCKER' }],
  ['title', { title: '' }],
  ['example', { example: "'open" }],
  ['manifest', { unknown: 1 }],
  ['parameters.0.default', { parameters: [{ ...number, minimum: 1, maximum: 2, default: 3 }] }],
  ['parameters.0.default', { parameters: [{ ...number, minimum: 3, maximum: 2 }] }],
  ['parameters.0.name', { parameters: [{ ...number, name: '--n', minimum: 1, maximum: 2 }] }],
  ['parameters', { parameters: [1, 2].map(() => ({ ...number, minimum: 1, maximum: 2 })) }],
  ['suggested.fuel', { suggested: { fuel: 0, memoryBytes: 1 } }],
  ['bag.select', { bag: { description: 'd', select: '--part' } }],
  ['bag.join.part', { bag: { description: 'd', join: { method: 'json-array', part: '../x', output: 'y', mediaType: 'a/b' } } }],
  ['bag.join.output', { bag: { description: 'd', join: { method: 'json-array', part: 'x', output: 'é'.repeat(128), mediaType: 'a/b' } } }],
  ['bag.join.output', { bag: { description: 'd', join: { method: 'json-array', part: 'x', output: '/y', mediaType: 'a/b' } } }],
  ['exitCodes.1000', { exitCodes: { 1000: 'too large' } }],
];

/** A valid module of custom sections of any name but ours. */
function anyModule(): fc.Arbitrary<Uint8Array> {
  const section = fc.tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.uint8Array({ maxLength: 300 }));
  return fc
    .array(section, { maxLength: 4 })
    .map((sections) => sections.reduce((module, [name, payload]) => withSection(module, name, payload), Uint8Array.from(HEADER)));
}

/** Bytes that begin like a module with a manifest and go wrong somewhere. */
function anyHostileModule(): fc.Arbitrary<Uint8Array> {
  const anyJson = fc.json().map((text) => Buffer.from(text));
  const spoilt = fc.tuple(anyManifest(), fc.nat(), fc.nat(255)).map(([manifest, at, byte]) => {
    const bytes = Buffer.from(JSON.stringify(manifest));
    bytes[at % bytes.length] = byte;
    return bytes;
  });
  const bytes = fc
    .oneof(anyJson, spoilt, fc.uint8Array({ maxLength: 40 }))
    .map((payload) => withSection(Uint8Array.from(HEADER), SECTION, payload));
  const flipped = fc.tuple(bytes, fc.nat(), fc.nat(255)).map(([module, at, byte]) => {
    const copy = Uint8Array.from(module);
    copy[at % Math.min(copy.length, 40)] = byte;
    return copy;
  });
  return fc.oneof(
    bytes,
    flipped,
    fc.tuple(flipped, fc.nat()).map(([module, at]) => module.subarray(0, at % module.length)),
  );
}

function withSection(module: Uint8Array, name: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const title = Buffer.from(name.toWellFormed());
  const content = Buffer.concat([Buffer.from(leb(title.length)), title, payload]);
  return Uint8Array.from(Buffer.concat([module, Buffer.from([0, ...leb(content.length)]), content]));
}

const leb = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)]);
