import { GleanerError } from '@gleaner/primitives';
import { concatBytes } from 'viem';
import { decodeManifest, type ProgramManifest } from './programManifest.ts';

/** Name of the custom section that holds a program's manifest. */
const SECTION_NAME = 'gleaner.manifest';
/** Longest manifest, bytes of JSON. */
const MAX_MANIFEST_BYTES = 262_144;
/** Bytes 00 61 73 6d and the version 1, little-endian. */
const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const CUSTOM = 0;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A section from `start` to `end`; `payload` is where its contents begin: after the name, in a custom section. */
interface Section {
  readonly start: number;
  readonly payload: number;
  readonly end: number;
  /** Of a custom section. */
  readonly name?: string;
}

/**
 * The manifest that a module carries, or undefined when it has none. The beginning of a module is enough: the build puts the manifest first.
 * @throws {GleanerError} manifest-invalid when the section holds something else
 */
export function readManifest(module: Uint8Array): ProgramManifest | undefined {
  for (const { name, payload, end } of sectionsOf(module)) {
    if (name === SECTION_NAME) return decodeSection(module.subarray(payload, end));
  }
  return undefined;
}

/**
 * The module with this manifest in it, directly after the header, in place of any other; nothing else changes, and nothing that runs.
 * The manifest's `module` member is left out: it describes the bytes that this gives.
 * @throws {GleanerError} manifest-invalid; program-not-wasm for bytes that are no module
 */
export function embedManifest(module: Uint8Array, manifest: ProgramManifest): Uint8Array {
  if (!hasHeader(module)) throw new GleanerError('program-not-wasm', 'A manifest can be put into a WebAssembly module only');
  const { module: _, ...travelling } = decodeManifest(manifest);
  const json = new TextEncoder().encode(JSON.stringify(travelling));
  if (json.length > MAX_MANIFEST_BYTES) throw invalid(`it takes ${json.length} bytes, at most ${MAX_MANIFEST_BYTES} are read`);
  const name = new TextEncoder().encode(SECTION_NAME);
  const body = [...encodeU32(name.length), ...name];
  const pieces = [module.subarray(0, HEADER.length), Uint8Array.of(CUSTOM, ...encodeU32(body.length + json.length), ...body), json];
  let kept = HEADER.length;
  for (const { name: known, start, end } of sectionsOf(module)) {
    if (known !== SECTION_NAME) continue;
    pieces.push(module.subarray(kept, start));
    kept = end;
  }
  return concatBytes([...pieces, module.subarray(kept)]);
}

function decodeSection(payload: Uint8Array): ProgramManifest {
  if (payload.length > MAX_MANIFEST_BYTES) throw invalid(`it takes ${payload.length} bytes, at most ${MAX_MANIFEST_BYTES} are read`);
  const manifest = decodeManifest(parseJson(payload));
  if (manifest.module !== undefined) throw invalid('a manifest inside a module cannot describe the module');
  return manifest;
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(payload));
  } catch (cause) {
    throw invalid('it is not JSON in UTF-8', cause);
  }
}

function hasHeader(module: Uint8Array): boolean {
  return HEADER.every((byte, position) => module[position] === byte);
}

/** Sections up to the first that is cut short or malformed: what follows is the business of whoever runs the module. */
function* sectionsOf(module: Uint8Array): Generator<Section> {
  let at = HEADER.length;
  while (hasHeader(module) && at < module.length) {
    const size = decodeU32(module, at + 1);
    if (size === undefined || size.value > module.length - size.end) return;
    const section = { start: at, payload: size.end, end: size.end + size.value };
    yield module[at] === CUSTOM ? named(module, section) : section;
    at = section.end;
  }
}

function named(module: Uint8Array, section: Section): Section {
  const length = decodeU32(module, section.payload);
  if (length === undefined || length.value > section.end - length.end) return section;
  const payload = length.end + length.value;
  try {
    return { ...section, payload, name: utf8.decode(module.subarray(length.end, payload)) };
  } catch {
    return section;
  }
}

/** Unsigned LEB128 of at most five bytes, as in the WebAssembly specification, "Integers". */
function decodeU32(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let position = 0; position < 5; position += 1) {
    const byte = bytes[start + position];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * position);
    if (byte < 0x80) return { value, end: start + position + 1 };
  }
  return undefined;
}

function encodeU32(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...encodeU32(value >>> 7)];
}

function invalid(why: string, cause?: unknown): GleanerError {
  return new GleanerError('manifest-invalid', `The manifest in the module is not valid: ${why}`, cause === undefined ? {} : { cause });
}
