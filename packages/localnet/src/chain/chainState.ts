import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { GleanerError } from '@gleaner/primitives';
import { fileError, isMissing } from '../files/fileErrors.ts';
import { writeFileAtomic } from '../files/writeFileAtomic.ts';
import { callRpc } from './callRpc.ts';
import type { ChainIdentity } from './chainIdentity.ts';

type Genesis = Pick<ChainIdentity, 'timestamp' | 'baseFee'>;

const inflate = promisify(gunzip);

/** A block without parent inside a state dump. */
const GENESIS_START = Buffer.from(`{"header":{"parentHash":"0x${'0'.repeat(64)}"`);
const NEXT_BLOCK = Buffer.from(',{"header":');
const BLOCKS_END = Buffer.from('],"transactions":[');

/**
 * Writes what the node knows (accounts, blocks, receipts) to a file from which it can start again.
 * @returns size of the file in bytes
 * @throws {GleanerError} chain-unreachable, disk-full; the previous file is then untouched
 */
export async function dumpChainState(adminRpcUrl: string, path: string): Promise<number> {
  const dump = (await callRpc(adminRpcUrl, 'anvil_dumpState', [], 60_000)) as string;
  const bytes = Buffer.from(dump.slice(2), 'hex');
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const state = isGzip ? await inflate(bytes) : bytes;
  await writeFileAtomic(path, state);
  return state.length;
}

/**
 * Makes a state file ready for loading. At each load anvil adds a genesis block of its own beside the loaded one, and which of
 * the two it finds later is chance; all but the right one are cut out.
 * @param genesis what tells the right block: its timestamp alone does not when a chain is started again within its first second
 * @returns false when there is no state file yet
 * @throws {GleanerError} data-unreadable, data-corrupt
 */
export async function prepareChainState(path: string, genesis: Genesis): Promise<boolean> {
  let state: Buffer;
  try {
    state = await readFile(path);
  } catch (error) {
    if (isMissing(error)) return false;
    throw fileError(error, path);
  }
  const cleaned = withoutStrayGenesis(state, genesis);
  if (cleaned.length === 0 || cleaned.at(-1) !== 0x7d) {
    throw new GleanerError('data-corrupt', `The chain state is cut off: ${path}`, { details: { path } });
  }
  if (cleaned.length !== state.length) await writeFileAtomic(path, cleaned);
  return true;
}

/** Exported for its test. Cost: one scan of the buffer per genesis block in it. */
export function withoutStrayGenesis(state: Buffer, { timestamp, baseFee }: Genesis): Buffer {
  const right = [`"timestamp":"0x${timestamp.toString(16)}"`, `"baseFeePerGas":"0x${baseFee.toString(16)}"`];
  const kept: Buffer[] = [];
  let from = 0;
  for (let start = state.indexOf(GENESIS_START); start >= 0; start = state.indexOf(GENESIS_START, start + 1)) {
    const next = state.indexOf(NEXT_BLOCK, start);
    const end = next >= 0 ? next : state.indexOf(BLOCKS_END, start);
    if (end < 0) break;
    const block = state.subarray(start, end);
    if (right.every((field) => block.includes(field))) continue;
    const commaBefore = state[start - 1] === 0x2c && start - 1 >= from;
    kept.push(state.subarray(from, commaBefore ? start - 1 : start));
    from = commaBefore || next < 0 ? end : end + 1;
  }
  return kept.length === 0 ? state : Buffer.concat([...kept, state.subarray(from)]);
}
