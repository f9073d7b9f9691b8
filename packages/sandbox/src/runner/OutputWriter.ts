import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { isPlainPath } from './checkJob.ts';
import type { FileAnnouncement } from './readReport.ts';
import type { Limits } from './types.ts';

/** Why an output was not written: the sandbox broke the agreement, or the host could not store it. */
export type WriteProblem = { readonly kind: 'protocol' } | { readonly kind: 'host'; readonly error: NodeJS.ErrnoException };

/**
 * Writes what a sandbox sends into an empty folder. Names are checked again here, nothing existing is opened or followed,
 * and the limits of the job hold whatever the sandbox says.
 */
export class OutputWriter {
  readonly #folder: string;
  readonly #limits: Limits;
  #bytes = 0;
  #handle: FileHandle | undefined;
  #missing = 0;
  files = 0;

  constructor(folder: string, limits: Limits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Begins a file or makes a folder; the file before must be complete. */
  async begin({ path, size }: FileAnnouncement): Promise<WriteProblem | undefined> {
    if (this.#missing > 0 || !isPlainPath(path)) return { kind: 'protocol' };
    this.files++;
    this.#bytes += Math.max(size, 0);
    if (this.files > this.#limits.outputFiles || this.#bytes > this.#limits.outputBytes) return { kind: 'protocol' };
    return attempt(async () => {
      await this.close();
      const target = join(this.#folder, path);
      if (size < 0) await mkdir(target);
      else this.#handle = await open(target, 'wx');
      this.#missing = Math.max(size, 0);
    });
  }

  async append(chunk: Uint8Array): Promise<WriteProblem | undefined> {
    if (this.#handle === undefined || chunk.length > this.#missing) return { kind: 'protocol' };
    this.#missing -= chunk.length;
    return attempt(async () => {
      await this.#handle?.writeFile(chunk);
    });
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}

async function attempt(action: () => Promise<void>): Promise<WriteProblem | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return { kind: 'host', error: error as NodeJS.ErrnoException };
  }
}
