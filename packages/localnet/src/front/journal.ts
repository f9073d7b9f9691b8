import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GleanerError, type Hex } from '@gleaner/primitives';
import { fileError } from '../files/fileErrors.ts';

/** A raw transaction as it came in. */
export interface JournalEntry {
  /** Order of arrival, growing over restarts. */
  readonly sequence: number;
  readonly receivedMs: number;
  readonly hash: Hex;
  readonly raw: Hex;
}

interface Waiting {
  readonly line: string;
  resolve(): void;
  reject(error: unknown): void;
}

const SEGMENT = /^journal-(\d{8})\.ndjson$/;

/**
 * Append-only record of the raw transactions that the front passes to the chain, until a state dump covers them.
 * `append` returns after the line is on the disk; lines that wait at the same time share one write and one fsync.
 * A line cut off by a crash is ignored: its transaction was never passed on. Segments are never reopened for writing.
 */
export class Journal {
  readonly #dir: string;
  /** With the number of the segment that holds the line, or an earlier one. */
  readonly #open = new Map<Hex, { readonly entry: JournalEntry; readonly segment: number }>();
  #file: FileHandle | undefined;
  #segment = 0;
  #sequence = 0;
  #waiting: Waiting[] = [];
  #lastWriteFailed = false;
  /** File operations run one after the other. */
  #queue: Promise<void> = Promise.resolve();

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /** @throws {GleanerError} data-unreadable, disk-full */
  static async open(dir: string): Promise<Journal> {
    const journal = new Journal(dir);
    for (const segment of await listSegments(dir)) {
      journal.#segment = segment;
      for (const line of await readLines(segmentPath(dir, segment))) journal.#load(line);
    }
    await journal.#inTurn(() => journal.#startSegment());
    return journal;
  }

  /** Transactions that no dump covers yet, in order of arrival. */
  entries(): JournalEntry[] {
    return [...this.#open.values()].map(({ entry }) => entry).sort((a, b) => a.sequence - b.sequence);
  }

  /** @throws {GleanerError} disk-full, data-unreadable; the transaction must then not be passed on */
  async append(hash: Hex, raw: Hex, nowMs: number): Promise<void> {
    if (this.#open.has(hash)) return;
    const entry: JournalEntry = { sequence: ++this.#sequence, receivedMs: nowMs, hash, raw };
    const segment = this.#segment;
    await this.#write(formatEntry(entry));
    this.#open.set(hash, { entry, segment });
  }

  /** Forgets a transaction that the chain refused, so that it is not sent again. Lost on a crash at worst, which sends it in vain. */
  refuse(hash: Hex): void {
    if (!this.#open.delete(hash)) return;
    void this.#write(`${JSON.stringify({ refused: hash })}\n`).catch(() => undefined);
  }

  /** Begins a new segment; returns the numbers of the finished ones. */
  rotate(): Promise<number[]> {
    return this.#inTurn(async () => {
      const finished = await listSegments(this.#dir);
      await this.#startSegment();
      return finished;
    });
  }

  /** Drops finished segments and the covered transactions; what they hold beyond that is carried over to the current segment first. */
  async discard(finished: readonly number[], covered: ReadonlySet<Hex>): Promise<void> {
    for (const hash of covered) this.#open.delete(hash);
    const carried = [...this.#open.values()].filter(({ segment }) => finished.includes(segment));
    if (carried.length > 0) await this.#write(carried.map(({ entry }) => formatEntry(entry)).join(''));
    for (const { entry } of carried) this.#open.set(entry.hash, { entry, segment: this.#segment });
    for (const segment of finished) await rm(segmentPath(this.#dir, segment), { force: true });
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#file?.close();
      this.#file = undefined;
    });
  }

  #load(line: string): void {
    const record = parseLine(line);
    if (!record) return;
    if ('refused' in record) {
      this.#open.delete(record.refused);
      return;
    }
    this.#open.set(record.hash, { entry: record, segment: this.#segment });
    this.#sequence = Math.max(this.#sequence, record.sequence);
  }

  async #startSegment(): Promise<void> {
    const path = segmentPath(this.#dir, this.#segment + 1);
    try {
      const next = await open(path, 'ax', 0o600);
      await this.#file?.close();
      this.#file = next;
      this.#segment += 1;
    } catch (error) {
      throw fileError(error, path);
    }
  }

  #write(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, resolve, reject });
      if (this.#waiting.length === 1) void this.#inTurn(() => this.#flush());
    });
  }

  async #flush(): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    try {
      if (!this.#file) throw new GleanerError('aborted', 'The journal is closed');
      const startOfLine = this.#lastWriteFailed ? '\n' : '';
      await this.#file.appendFile(startOfLine + group.map(({ line }) => line).join(''));
      await this.#file.datasync();
      this.#lastWriteFailed = false;
      for (const { resolve } of group) resolve();
    } catch (error) {
      this.#lastWriteFailed = true;
      const typed = fileError(error, segmentPath(this.#dir, this.#segment));
      for (const { reject } of group) reject(typed);
    }
  }

  #inTurn<T>(operation: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(operation);
    this.#queue = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}

const segmentPath = (dir: string, segment: number): string => join(dir, `journal-${String(segment).padStart(8, '0')}.ndjson`);

async function listSegments(dir: string): Promise<number[]> {
  try {
    const names = await readdir(dir);
    return names
      .flatMap((name) => SEGMENT.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    throw fileError(error, dir);
  }
}

async function readLines(path: string): Promise<string[]> {
  try {
    const text = await readFile(path, 'utf8');
    return text.split('\n').slice(0, -1);
  } catch (error) {
    throw fileError(error, path);
  }
}

function formatEntry({ sequence, receivedMs, hash, raw }: JournalEntry): string {
  return `${JSON.stringify({ sequence, receivedMs, hash, raw })}\n`;
}

function parseLine(line: string): JournalEntry | { readonly refused: Hex } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
