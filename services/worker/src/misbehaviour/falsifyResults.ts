import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPUTED_FILE } from '@gleaner/content';
import type { Address } from '@gleaner/primitives';
import type { Job, Outcome, RunExited, Runner } from '@gleaner/sandbox';
import { stringToHex } from 'viem';
import { replaceRun } from './replaceRun.ts';

export interface Liar {
  /** Two liars never agree, for the lie names the worker. */
  readonly worker: Address;
  /** Asked before every run. */
  readonly mayLie: () => Promise<boolean>;
}

/**
 * A runner that runs honestly and then changes what came out: every output file, the standard output and the callback data. So the digest is
 * another one by every rule of digests, and what is packed and uploaded fits it.
 */
export function falsifyResults(runner: Runner, { worker, mayLie }: Liar): Runner {
  return replaceRun(runner, async (job) => {
    const lies = await mayLie();
    const outcome = await runner.run(job);
    return lies && outcome.status === 'exited' && outcome.exitCode === 0 ? await falsify(job, outcome, worker) : outcome;
  });
}

async function falsify({ outputDir, env }: Job, outcome: RunExited, worker: Address): Promise<Outcome> {
  const lie = `\n${worker.toLowerCase()} says otherwise about ${env['IEXEC_TASK_ID'] ?? 'this'}\n`;
  for (const entry of await readdir(outputDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (path === join(outputDir, COMPUTED_FILE)) await falsifyCallback(path, lie);
    else if (entry.isFile()) await appendFile(path, lie);
  }
  return { ...outcome, stdout: Buffer.concat([outcome.stdout, Buffer.from(lie)]) };
}

/** A computed.json that says nothing of a callback, or is none at all, stays as it is. */
async function falsifyCallback(path: string, lie: string): Promise<void> {
  const computed = parse(await readFile(path, 'utf8'));
  const data = computed?.['callback-data'];
  if (typeof data === 'string')
    await writeFile(path, JSON.stringify({ ...computed, 'callback-data': `${data}${stringToHex(lie).slice(2)}` }));
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
