/**
 * Writes `docs/licences.md` and `sbom.cdx.json` (CycloneDX 1.5) from the lockfile; `--check` only compares and
 * refuses a licence that is not on the list below.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

interface Component {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly integrity: string;
  readonly developmentOnly: boolean;
}

/** Compatible with shipping under Apache-2.0; MPL-2.0 is per file and only used unmodified. */
const ALLOWED =
  /^\(?(MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|Python-2\.0|CC0-1\.0|Unlicense|PostgreSQL|MPL-2\.0)( (OR|AND) |\)?$)/;

/** Packages whose manifest names no licence although their text does. */
const BY_TEXT: Readonly<Record<string, string>> = { memorystream: 'MIT' };

const files = { 'docs/licences.md': report, 'sbom.cdx.json': billOfMaterials } as const;
const components = readComponents();
const refused = components.filter(({ licence }) => !ALLOWED.test(licence));
for (const { name, version, licence } of refused)
  console.error(`${name}@${version} has licence ${licence}, which is not on the list in scripts/licences.ts`);

const stale = Object.entries(files).filter(([file, render]) => !isCurrent(file, render(components)));
if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is out of date; run: node scripts/licences.ts`);
  process.exitCode = refused.length + stale.length > 0 ? 1 : 0;
} else {
  for (const [file, render] of stale) writeFileSync(join(root, file), render(components));
  process.exitCode = refused.length > 0 ? 1 : 0;
}

function isCurrent(file: string, wanted: string): boolean {
  try {
    return readFileSync(join(root, file), 'utf8') === wanted;
  } catch {
    return false;
  }
}

function readComponents(): Component[] {
  const lock: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Map<string, Component>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    const name = path.split('node_modules/').at(-1) ?? '';
    if (!path.includes('node_modules/') || entry.link || !entry.version) continue;
    const key = `${name}@${entry.version}`;
    const developmentOnly = (entry.dev ?? false) && (found.get(key)?.developmentOnly ?? true);
    found.set(key, {
      name,
      version: entry.version,
      licence: entry.license ?? BY_TEXT[name] ?? 'none',
      integrity: entry.integrity ?? '',
      developmentOnly,
    });
  }
  return [...found.values()].sort((a, b) => (a.name === b.name ? a.version.localeCompare(b.version) : a.name < b.name ? -1 : 1));
}

function report(all: readonly Component[]): string {
  const byLicence = Map.groupBy(all, ({ licence }) => licence);
  const counts = [...byLicence].sort((a, b) => b[1].length - a[1].length).map(([licence, list]) => `| ${licence} | ${list.length} |`);
  const rows = all.map(
    ({ name, version, licence, developmentOnly }) =>
      `| ${name} | ${version} | ${licence} | ${developmentOnly ? 'development' : 'runtime'} |`,
  );
  const head =
    '# Licences\n\nThird-party packages pinned by `package-lock.json`. Written by `node scripts/licences.ts`; Gleaner itself is Apache-2.0.\n';
  return [
    head,
    '| licence | packages |',
    '|---|---:|',
    ...counts,
    '',
    '| package | version | licence | used in |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function billOfMaterials(all: readonly Component[]): string {
  const entries = all.map(({ name, version, licence, integrity, developmentOnly }) => ({
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    scope: developmentOnly ? 'excluded' : 'required',
    licenses: [{ expression: licence.replace(/^\(|\)$/g, '') }],
    hashes: hashes(integrity),
  }));
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', name: 'gleaner', version: '0.1.0' } },
    components: entries,
  };
  return `${JSON.stringify(bom, null, 1)}\n`;
}

function hashes(integrity: string): { alg: string; content: string }[] {
  const [algorithm, value] = integrity.split('-', 2);
  if (algorithm !== 'sha512' || value === undefined) return [];
  return [{ alg: 'SHA-512', content: Buffer.from(value, 'base64').toString('hex') }];
}
