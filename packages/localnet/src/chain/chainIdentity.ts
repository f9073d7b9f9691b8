import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { type Address, GleanerError, type Hex } from '@gleaner/primitives';
import { HIGHEST_DEVELOPMENT_CHAIN_ID, LOWEST_DEVELOPMENT_CHAIN_ID } from '@gleaner/protocol';
import { findJsonFile } from '../files/readJsonFile.ts';
import { writeFileAtomic } from '../files/writeFileAtomic.ts';

/** Gas per block. */
export const BLOCK_GAS_LIMIT = 60_000_000;
/** Balance of every development account at the start, in wei: 10 000 coins. */
export const START_BALANCE = 10_000n * 10n ** 18n;

/** What makes a chain this chain; content of `chain/genesis.json` beside the balances. */
export interface ChainIdentity {
  readonly chainId: number;
  /** Timestamp of the genesis block, seconds. */
  readonly timestamp: number;
  /** Base fee of the genesis block in wei. Random within (1, 2) gwei, so that chains made in one second have different genesis hashes. */
  readonly baseFee: number;
  /** Known after the first start. */
  readonly genesisHash?: Hex;
}

export const genesisPath = (chainDir: string): string => join(chainDir, 'genesis.json');

const anyChainId = (): number => randomInt(LOWEST_DEVELOPMENT_CHAIN_ID, HIGHEST_DEVELOPMENT_CHAIN_ID + 1);

export function createChainIdentity(nowMs: number, chainId = anyChainId()): ChainIdentity {
  return { chainId, timestamp: Math.floor(nowMs / 1000), baseFee: randomInt(1_000_000_001, 2_000_000_000) };
}

/** @throws {GleanerError} data-unreadable, data-corrupt */
export async function findChainIdentity(chainDir: string): Promise<ChainIdentity | undefined> {
  const path = genesisPath(chainDir);
  const genesis = (await findJsonFile(path)) as Partial<GenesisFile> | undefined;
  if (genesis === undefined) return undefined;
  const identity = {
    chainId: Number(genesis.config?.chainId),
    timestamp: Number(genesis.timestamp),
    baseFee: Number(genesis.baseFeePerGas),
    ...(genesis.genesisHash ? { genesisHash: genesis.genesisHash } : {}),
  };
  if (![identity.chainId, identity.timestamp, identity.baseFee].every(Number.isSafeInteger)) {
    throw new GleanerError('data-corrupt', `Not a genesis file of ours: ${path}`, { details: { path } });
  }
  return identity;
}

/** Writes the genesis file that anvil reads at the first start; mode 0600. */
export async function writeChainIdentity(chainDir: string, identity: ChainIdentity, funded: readonly Address[]): Promise<void> {
  const balance = `0x${START_BALANCE.toString(16)}`;
  const genesis: GenesisFile = {
    config: { chainId: identity.chainId },
    nonce: '0x0',
    timestamp: toHex(identity.timestamp),
    extraData: '0x',
    gasLimit: toHex(BLOCK_GAS_LIMIT),
    baseFeePerGas: toHex(identity.baseFee),
    difficulty: '0x0',
    mixHash: `0x${'0'.repeat(64)}`,
    coinbase: `0x${'0'.repeat(40)}`,
    alloc: Object.fromEntries(funded.map((address) => [address.slice(2).toLowerCase(), { balance }])),
    ...(identity.genesisHash ? { genesisHash: identity.genesisHash } : {}),
  };
  await writeFileAtomic(genesisPath(chainDir), JSON.stringify(genesis, null, 2));
}

interface GenesisFile {
  readonly config: { readonly chainId: number };
  readonly nonce: Hex;
  readonly timestamp: Hex;
  readonly extraData: Hex;
  readonly gasLimit: Hex;
  readonly baseFeePerGas: Hex;
  readonly difficulty: Hex;
  readonly mixHash: Hex;
  readonly coinbase: Hex;
  readonly alloc: Readonly<Record<string, { readonly balance: string }>>;
  /** Ours; nodes ignore it. */
  readonly genesisHash?: Hex;
}

const toHex = (value: number): Hex => `0x${value.toString(16)}`;
