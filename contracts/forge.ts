import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = fileURLToPath(new URL('.', import.meta.url));
const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
/** Path of the installed forge. */
export const forgeBinary = join(folder, `../node_modules/@foundry-rs/forge-${process.platform}-${architecture}/bin/forge`);

/** Forge's report: contract (`path:Name`) to test (`name()`) to outcome. */
export type ForgeReport = Readonly<Record<string, { readonly test_results: Readonly<Record<string, ForgeOutcome>> }>>;

export interface ForgeOutcome {
  readonly status: 'Success' | 'Failure' | 'Skipped';
  readonly reason?: string | null;
  /** Group to name to gas, of `snapshotGasLastCall`. */
  readonly gas_snapshots: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * `committed`: what is deployed is not compiled but taken from `out/committed`, see `writeCommitted`; `default`: everything is compiled from
 * its sources; `deep`: so too, with more runs.
 */
export type ForgeProfile = 'committed' | 'default' | 'deep';

/**
 * Compiles what the profile says and runs every test in `test`. Compiling the contracts from nothing takes two minutes or more.
 * `histories` is the folder of histories for `Twin.t.sol`, relative to this one; without it that suite is skipped.
 * Throws when the binary is missing or the contracts do not compile; failing tests are part of the report.
 */
export async function runForge(profile: ForgeProfile, histories = ''): Promise<ForgeReport> {
  if (!existsSync(forgeBinary))
    throw new Error(`forge is missing at ${forgeBinary}: run npm install; it exists for Linux and macOS on x64 and arm64`);
  const PATH = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH, FOUNDRY_PROFILE: profile, GLEANER_HISTORY_FOLDER: histories, NO_COLOR: '1' };
  const options = { cwd: folder, env, maxBuffer: 256 * 1024 * 1024 };
  const run = await promisify(execFile)(forgeBinary, ['test', '--json'], options).catch(
    (failure: { stdout?: string; stderr?: string }) => failure,
  );
  const line = run.stdout?.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`forge gave no report:\n${run.stdout ?? ''}\n${run.stderr ?? ''}`);
  return JSON.parse(line) as ForgeReport;
}
