import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, GleanerError, type Hex, isGleanerError } from '@gleaner/primitives';
import { makeFolder } from '../files/makeFolder.ts';
import { createHttpUpstream } from '../front/httpUpstream.ts';
import { Journal } from '../front/journal.ts';
import { type Front, startFront } from '../front/startFront.ts';
import { findFreePort, isPortFree } from '../process/freePort.ts';
import { type Log, silentLog } from '../process/log.ts';
import type { ProcessIdentity } from '../process/processIdentity.ts';
import { type Command, type Started, SupervisedProcess } from '../process/supervisedProcess.ts';
import { anvilPath } from './anvilPath.ts';
import { callRpc, callRpcBatch } from './callRpc.ts';
import {
  BLOCK_GAS_LIMIT,
  type ChainIdentity,
  createChainIdentity,
  findChainIdentity,
  genesisPath,
  START_BALANCE,
  writeChainIdentity,
} from './chainIdentity.ts';
import { dumpChainState, prepareChainState } from './chainState.ts';
import { replayJournal } from './replayJournal.ts';

export interface LocalChainOptions {
  /** Folder of its own for genesis, state and journal. */
  readonly chainDir: string;
  readonly logDir: string;
  /** Seconds between blocks; fractions allowed. */
  readonly blockTimeSec: number;
  /** Accounts that always have gas. */
  readonly funded: readonly Address[];
  /** Ports to try first; others are taken when these are in use. */
  readonly ports?: { readonly rpc?: number; readonly admin?: number };
  readonly host?: string;
  readonly allowedOrigins?: readonly string[];
  /** Extra environment of the chain process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Shortest time between two state dumps, milliseconds. */
  readonly dumpEveryMs?: number;
  readonly log?: Log;
  /** Told at every start and end of the node. */
  readonly onChange?: (part: SupervisedProcess) => void;
}

export interface LocalChain {
  readonly chainId: number;
  readonly genesisHash: Hex;
  /** The front: what the network publishes. */
  readonly rpcUrl: string;
  /** The bare node: for tests and start-up on this machine only. */
  readonly adminRpcUrl: string;
  readonly part: SupervisedProcess;
  readonly identity: ProcessIdentity | undefined;
  /** Writes the state to disk now and shortens the journal. */
  dump(): Promise<void>;
  close(): Promise<void>;
}

const DUMP_EVERY_MS = 10_000;
/** Dumping takes at most this share of the time, so that a long chain does not spend its days writing. */
const DUMP_SHARE = 1 / 20;
/** Journalled transactions that no block of the last dump holds are looked up singly after this time. */
const STALE_MS = 60_000;

/**
 * Starts or continues the chain of a folder. Timestamps follow the wall clock; what the front acknowledged survives a crash.
 * @throws {GleanerError} tool-missing, port-taken, data-unreadable, data-corrupt, disk-full, network-start-failed
 */
export async function startLocalChain(options: LocalChainOptions): Promise<LocalChain> {
  await makeFolder(options.chainDir);
  await makeFolder(options.logDir);
  const chain = new Anvil(options, await openIdentity(options), await Journal.open(options.chainDir));
  await chain.start();
  return chain;
}

async function openIdentity({ chainDir, funded }: LocalChainOptions): Promise<ChainIdentity> {
  const known = await findChainIdentity(chainDir);
  if (known?.genesisHash) return known;
  // Nothing has happened on a chain that never was dumped: begin it now, under its chain id.
  const identity = createChainIdentity(Date.now(), known?.chainId);
  await writeChainIdentity(chainDir, identity, funded);
  return identity;
}

class Anvil implements LocalChain {
  readonly part: SupervisedProcess;
  readonly #options: LocalChainOptions;
  readonly #journal: Journal;
  readonly #log: Log;
  readonly #statePath: string;
  readonly #closing = new AbortController();
  #chain: ChainIdentity;
  #adminPort = 0;
  #front: Front | undefined;
  #upstream = createHttpUpstream(() => this.#adminPort);
  #dumping: Promise<void> | undefined;
  #dumpedHead = 0;
  #dumpLoop: Promise<void> | undefined;

  constructor(options: LocalChainOptions, chain: ChainIdentity, journal: Journal) {
    this.#options = options;
    this.#chain = chain;
    this.#journal = journal;
    this.#log = options.log ?? silentLog;
    this.#statePath = join(options.chainDir, 'state.json');
    this.part = new SupervisedProcess(
      {
        name: 'chain',
        logPath: join(options.logDir, 'chain.log'),
        command: () => this.#command(),
        ready: (started) => this.#ready(started),
        isHealthy: () => this.#isHealthy(),
        readyTimeoutMs: 60_000,
        graceMs: 5_000,
      },
      { log: this.#log, onChange: () => options.onChange?.(this.part) },
    );
  }

  get chainId(): number {
    return this.#chain.chainId;
  }

  get genesisHash(): Hex {
    return this.#chain.genesisHash ?? '0x';
  }

  get rpcUrl(): string {
    return this.#front?.url ?? '';
  }

  get adminRpcUrl(): string {
    return `http://127.0.0.1:${this.#adminPort}`;
  }

  get identity(): ProcessIdentity | undefined {
    return this.part.identity;
  }

  async start(): Promise<void> {
    try {
      this.#adminPort = await findFreePort([this.#options.ports?.admin ?? 0]);
      await this.part.start();
      if (!this.#chain.genesisHash) await this.#rememberGenesis();
      this.#front = await this.#openFront();
      this.#dumpLoop = this.#keepDumping();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#front?.close();
    await this.#dumpLoop;
    if (this.part.state === 'ready') await this.dump().catch((error) => this.#log.warn({ error: String(error) }, 'chain.dump-failed'));
    await this.part.stop();
    this.#upstream.close();
    await this.#journal.close();
  }

  dump(): Promise<void> {
    this.#dumping ??= this.#dumpOnce().finally(() => {
      this.#dumping = undefined;
    });
    return this.#dumping;
  }

  async #command(): Promise<Command> {
    const { chainDir, blockTimeSec, env } = this.#options;
    const { chainId, baseFee, genesisHash } = this.#chain;
    await this.#findPortAgain();
    const hasState = genesisHash !== undefined && (await prepareChainState(this.#statePath, this.#chain));
    if (genesisHash && !hasState)
      throw new GleanerError('data-corrupt', `The chain state is missing: ${this.#statePath}`, { details: { path: this.#statePath } });
    const origin = hasState
      ? ['--load-state', this.#statePath, '--chain-id', `${chainId}`]
      : ['--init', genesisPath(chainDir), '--base-fee', `${baseFee}`];
    const cache = join(chainDir, 'cache');
    await rm(cache, { recursive: true, force: true });
    const node = [
      '--host',
      '127.0.0.1',
      '--port',
      `${this.#adminPort}`,
      '--no-cors',
      '--no-request-size-limit',
      '--quiet',
      '--cache-path',
      cache,
    ];
    const mining = ['--block-time', `${blockTimeSec}`, '--order', 'fifo', '--gas-limit', `${BLOCK_GAS_LIMIT}`, '--accounts', '0'];
    return {
      file: anvilPath(),
      args: [...origin, ...node, ...mining],
      env: { PATH: '/usr/bin:/bin', HOME: chainDir, ...env },
      cwd: chainDir,
    };
  }

  /** Before it is published the admin port may change; afterwards the chain waits until it is free again. */
  async #findPortAgain(): Promise<void> {
    if (await isPortFree(this.#adminPort)) return;
    if (this.#front) throw new GleanerError('port-taken', `Port ${this.#adminPort} of the chain is in use by another program`);
    this.#adminPort = await findFreePort();
  }

  async #ready(started: Started): Promise<string> {
    await this.#whenAnswering(started);
    await this.#checkIdentity();
    this.#dumpedHead = Number(await callRpc(this.adminRpcUrl, 'eth_blockNumber'));
    await this.#topUpGas();
    const replay = await replayJournal(this.#journal, this.adminRpcUrl, this.#options.blockTimeSec);
    if (replay.sent + replay.refused > 0) this.#log.warn({ ...replay }, 'chain.replayed');
    return this.adminRpcUrl;
  }

  async #whenAnswering({ ended }: Started): Promise<void> {
    while (!ended.aborted) {
      try {
        await callRpc(this.adminRpcUrl, 'eth_chainId', [], 2_000);
        return;
      } catch {
        await sleep(10);
      }
    }
  }

  /** Guards against another program at the port and against a state file of another chain. */
  async #checkIdentity(): Promise<void> {
    const chainId = Number(await callRpc(this.adminRpcUrl, 'eth_chainId'));
    if (chainId !== this.#chain.chainId)
      throw new GleanerError('network-start-failed', `Another chain (${chainId}) answers at ${this.adminRpcUrl}`);
    const hash = await this.#blockZero();
    if (this.#chain.genesisHash && hash !== this.#chain.genesisHash) {
      throw new GleanerError(
        'data-corrupt',
        `${this.#statePath} belongs to another chain: genesis ${hash}, expected ${this.#chain.genesisHash}`,
      );
    }
  }

  async #blockZero(): Promise<Hex> {
    const genesis = (await callRpc(this.adminRpcUrl, 'eth_getBlockByNumber', ['0x0', false])) as { hash: Hex };
    return genesis.hash;
  }

  /** The state is written before the hash is: with a hash there is always a state to load. */
  async #rememberGenesis(): Promise<void> {
    const genesisHash = await this.#blockZero();
    await this.dump();
    this.#chain = { ...this.#chain, genesisHash };
    await writeChainIdentity(this.#options.chainDir, this.#chain, this.#options.funded);
  }

  async #topUpGas(): Promise<void> {
    const { funded } = this.#options;
    const balances = await callRpcBatch(
      this.adminRpcUrl,
      funded.map((address) => ({ method: 'eth_getBalance', params: [address, 'latest'] })),
    );
    const poor = funded.filter((_, index) => BigInt(String(balances[index] ?? 0)) < START_BALANCE / 2n);
    await callRpcBatch(
      this.adminRpcUrl,
      poor.map((address) => ({ method: 'anvil_setBalance', params: [address, `0x${START_BALANCE.toString(16)}`] })),
    );
  }

  async #isHealthy(): Promise<boolean> {
    await callRpc(this.adminRpcUrl, 'eth_blockNumber', [], 5_000);
    return true;
  }

  async #openFront(): Promise<Front> {
    const { host, allowedOrigins, ports } = this.#options;
    return startFront({
      ...(host ? { host } : {}),
      ...(allowedOrigins ? { allowedOrigins } : {}),
      port: await findFreePort([ports?.rpc ?? 0], host),
      journal: this.#journal,
      patienceMs: 8_000,
      nowMs: () => Date.now(),
      upstream: { post: this.#upstream.post, whenReady: (timeoutMs) => this.#whenReady(timeoutMs) },
    });
  }

  async #whenReady(timeoutMs: number): Promise<void> {
    if (await this.part.whenReady(timeoutMs)) return;
    throw new GleanerError('chain-unreachable', 'The chain is restarting; try again in a moment');
  }

  async #keepDumping(): Promise<void> {
    const shortestMs = this.#options.dumpEveryMs ?? DUMP_EVERY_MS;
    let pauseMs = shortestMs;
    for (;;) {
      await sleep(pauseMs, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
      if (this.#closing.signal.aborted) return;
      const startedAt = performance.now();
      if (this.part.state === 'ready') await this.dump().catch((error) => this.#log.warn({ error: String(error) }, 'chain.dump-failed'));
      pauseMs = Math.max(shortestMs, (performance.now() - startedAt) / DUMP_SHARE);
    }
  }

  async #dumpOnce(): Promise<void> {
    const finished = await this.#journal.rotate();
    const head = Number(await callRpc(this.adminRpcUrl, 'eth_blockNumber'));
    await dumpChainState(this.adminRpcUrl, this.#statePath);
    await this.#journal.discard(finished, await this.#findCovered(head));
    this.#dumpedHead = head;
  }

  /** Hashes of journalled transactions that blocks up to `head` hold. */
  async #findCovered(head: number): Promise<Set<Hex>> {
    const entries = this.#journal.entries();
    if (entries.length === 0) return new Set();
    const from = Math.min(this.#dumpedHead, head);
    const numbers = Array.from({ length: head - from }, (_, index) => `0x${(from + 1 + index).toString(16)}`);
    const covered = new Set<Hex>();
    for (let start = 0; start < numbers.length; start += 200) {
      const calls = numbers.slice(start, start + 200).map((number) => ({ method: 'eth_getBlockByNumber', params: [number, false] }));
      for (const block of await callRpcBatch(this.adminRpcUrl, calls)) {
        for (const hash of (block as { transactions?: Hex[] } | null)?.transactions ?? []) covered.add(hash);
      }
    }
    const stale = entries.filter(({ hash, receivedMs }) => !covered.has(hash) && Date.now() - receivedMs > STALE_MS);
    const found = await callRpcBatch(
      this.adminRpcUrl,
      stale.map(({ hash }) => ({ method: 'eth_getTransactionByHash', params: [hash] })),
    );
    stale.forEach(({ hash }, index) => {
      if (isDone(found[index], head)) covered.add(hash);
    });
    return covered;
  }
}

/** Whether a stale transaction is mined up to `head`, or unknown because the node dropped it. */
function isDone(answer: unknown, head: number): boolean {
  if (isGleanerError(answer)) return false;
  const transaction = answer as { blockNumber?: string | null } | null;
  if (transaction === null) return true;
  return typeof transaction.blockNumber === 'string' && Number(transaction.blockNumber) <= head;
}
