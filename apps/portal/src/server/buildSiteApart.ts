import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GleanerError } from '@gleaner/primitives';

/** A build takes about a second; on a machine that is busy starting a network, some. */
const LONGEST_MS = 180_000;
/** Of what a failed build said. */
const LONGEST_REPORT = 4_000;

export interface SiteBuild {
  /** Folder of the finished site. @rejects {GleanerError} internal-error with the end of what the build said; aborted, timed-out */
  readonly folder: Promise<string>;
  /** Ends the build if it still runs. */
  stop(): void;
}

/** Builds the site in a process of its own, at once. The process never keeps this one alive. */
export function buildSiteApart(): SiteBuild {
  const entry = fileURLToPath(new URL('./build.ts', import.meta.url));
  const child = spawn(process.execPath, [entry], { stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST_MS });
  const folder = new Promise<string>((resolve, reject) => {
    let said = '';
    let warned = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      warned = (warned + text).slice(-LONGEST_REPORT);
    });
    child.once('error', (cause) => reject(new GleanerError('internal-error', `The portal cannot be built: ${cause.message}`, { cause })));
    child.once('close', (code, signal) => {
      const built = readFolder(said);
      if (code === 0 && built !== undefined) resolve(built);
      else reject(failure(signal, warned));
    });
  });
  folder.catch(() => undefined);
  child.unref();
  return { folder, stop: () => void child.kill() };
}

function readFolder(said: string): string | undefined {
  try {
    const { folder } = JSON.parse(said) as { folder?: unknown };
    return typeof folder === 'string' ? folder : undefined;
  } catch {
    return undefined;
  }
}

function failure(signal: NodeJS.Signals | null, warned: string): GleanerError {
  if (signal !== null) return new GleanerError('aborted', `The build of the portal was ended by ${signal}`);
  return new GleanerError('internal-error', `The portal cannot be built: ${warned.trim() || 'the build said nothing'}`);
}
