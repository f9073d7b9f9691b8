import { GleanerError, type Hex, isHex, show } from '@gleaner/primitives';
import { type ResultTree, readWhole } from './ResultTree.ts';

/** Where a program says what its result is. */
export const COMPUTED_FILE = 'computed.json';
/** The output folder as a program sees it. */
export const OUTPUT_FOLDER = '/iexec_out';

export const MAX_COMPUTED_BYTES = 1_048_576;

/** What computed.json names: an output, callback data, or both. */
export interface ComputedFile {
  /** Relative to the output folder, '' for the whole of it. */
  readonly outputPath?: string;
  readonly callbackData?: Hex;
}

/** @throws {GleanerError} result-invalid when it is absent, not JSON, or names nothing that a result can be */
export async function readComputedFile(tree: ResultTree): Promise<ComputedFile> {
  const file = tree.find(({ path }) => path === COMPUTED_FILE);
  if (file === undefined) throw invalid('There is no computed.json in the output folder');
  if (file.sizeBytes > MAX_COMPUTED_BYTES) throw invalid(`computed.json is larger than ${MAX_COMPUTED_BYTES} bytes`);
  const fields = parseComputedFile(new TextDecoder('utf-8', { ignoreBOM: true }).decode(await readWhole(file)));
  const outputPath = decodeOutputPath(fields['deterministic-output-path']);
  const callbackData = decodeCallbackData(fields['callback-data']);
  if (outputPath === undefined && callbackData === undefined) {
    throw invalid('computed.json has neither deterministic-output-path nor callback-data');
  }
  return { ...(outputPath === undefined ? {} : { outputPath }), ...(callbackData === undefined ? {} : { callbackData }) };
}

/** @throws {GleanerError} result-invalid */
export function parseComputedFile(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid('computed.json is not JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('computed.json is not a JSON object');
  return value as Record<string, unknown>;
}

function decodeOutputPath(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(`deterministic-output-path must be text, got ${show(value)}`);
  const [empty, root, ...parts] = value.replace(/\/+$/, '').split('/');
  const inside = empty === '' && `/${root}` === OUTPUT_FOLDER && parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!inside) throw invalid(`deterministic-output-path must lie in ${OUTPUT_FOLDER}, got ${show(value)}`);
  return parts.join('/');
}

function decodeCallbackData(value: unknown): Hex | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (!isHex(value)) throw invalid(`callback-data must be 0x and an even number of hexadecimal digits, got ${show(value)}`);
  return value.toLowerCase() as Hex;
}

function invalid(message: string, cause?: unknown): GleanerError {
  return new GleanerError('result-invalid', message, cause === undefined ? {} : { cause });
}
