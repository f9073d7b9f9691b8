import { constants } from 'node:fs';
import { access, mkdtemp, rm, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, platform, release, tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileError, findFreePort, isMissing, status } from '@gleaner/localnet';
import { toGleanerError } from '@gleaner/primitives';
import { createWasiRunner } from '@gleaner/sandbox';
import type { Command } from 'commander';
import { table } from '../output/table.ts';
import { type CommonOptions, dataDirOf, printerOf } from '../session.ts';
import { optionsOf } from './options.ts';

interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly says: string;
}

const GiB = 1024 ** 3;

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('what this machine can do for a network, and what it lacks')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<CommonOptions>(command);
      const printer = printerOf(options);
      const findings = await examine(dataDirOf(options));
      const sign = { ok: '✓', warning: '!', problem: '✗' } as const;
      for (const line of table(findings.map(({ state, what, says }) => [sign[state], what, says]))) printer.line(line);
      if (findings.some(({ state }) => state === 'problem')) process.exitCode = 1;
      printer.result({ findings });
    });
}

async function examine(dataDir: string): Promise<Finding[]> {
  return await Promise.all([
    finding('Node', async () => ({ state: 'ok', says: `${process.versions.node} on ${platform()} ${release()}` })),
    finding('processors and memory', async () => ({
      state: availableParallelism() >= 2 && freemem() > GiB ? 'ok' : 'warning',
      says: `${availableParallelism()} processors, ${(freemem() / GiB).toFixed(1)} GiB free (two processors and 1 GiB are comfortable)`,
    })),
    finding('data folder', () => examineFolder(dataDir)),
    finding('content', examineContent),
    finding('loopback ports', async () => ({ state: 'ok', says: `a free one is ${await findFreePort([])}` })),
    finding('sandbox', examineSandbox),
    finding('network', async () => {
      const { state, pid, orphans } = await status(dataDir);
      if (state === 'crashed')
        return { state: 'warning', says: `it crashed and left ${orphans.length} processes; gleaner up or gleaner down cleans up` };
      return { state: 'ok', says: pid === undefined ? state : `${state}, process ${pid}` };
    }),
  ]);
}

async function finding(what: string, look: () => Promise<Omit<Finding, 'what'>>): Promise<Finding> {
  try {
    return { what, ...(await look()) };
  } catch (error) {
    const { code, message } = toGleanerError(error);
    return { what, state: 'problem', says: `${message} (${code})` };
  }
}

async function examineFolder(dataDir: string): Promise<Omit<Finding, 'what'>> {
  const place = await usableFolder(dataDir);
  const { bavail, bsize } = await statfs(place);
  const free = (bavail * bsize) / GiB;
  return { state: free < 0.5 ? 'problem' : free < 2 ? 'warning' : 'ok', says: `${dataDir}, ${free.toFixed(1)} GiB free` };
}

/** The folder, or the nearest one above it that is there. @throws {GleanerError} data-unreadable when nothing can be made in it */
async function usableFolder(path: string): Promise<string> {
  try {
    await access(`${path}${sep}.`, constants.R_OK | constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path) throw fileError(error, path);
    return await usableFolder(dirname(path));
  }
}

/** A bucket is written to and read from, as the gateway does when it starts. */
async function examineContent(): Promise<Omit<Finding, 'what'>> {
  // services are slow to load, and only this needs one
  const { checkContent, readContentPlace } = await import('@gleaner/gateway');
  const place = await checkContent(readContentPlace(process.env));
  return { state: 'ok', says: place === undefined ? 'in the data folder' : `${place}, written and read` };
}

async function examineSandbox(): Promise<Omit<Finding, 'what'>> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'gleaner-doctor-')).catch((error: unknown) => {
    throw fileError(error, tmpdir());
  });
  try {
    const runner = await createWasiRunner({ cacheDir });
    const { isolation, withoutBubblewrap, enforced, missing } = runner.probe();
    await runner.close();
    const says = `${isolation}; enforced: ${enforced.join(', ')}${missing.length === 0 ? '' : `; not enforced: ${missing.join(', ')}`}`;
    return {
      state: isolation === 'bubblewrap' ? 'ok' : 'warning',
      says: withoutBubblewrap === undefined ? says : `${says} (${withoutBubblewrap})`,
    };
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
}
