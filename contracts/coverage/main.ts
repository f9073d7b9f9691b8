/**
 * `npm run contracts:coverage`: counts the branches of contracts/src that the tests take. Fails below 98 % of those asked for, and for an
 * exclusion that excludes nothing. Measured on a copy below `cache/coverage`; see `runCoverage.ts`.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSources } from '../copies/copy.ts';
import { type Branch, type Exclusion, readBranches, sortBranches } from './branches.ts';
import { runCoverage } from './runCoverage.ts';

const LEAST_PERCENT = 98;

const sources = readSources();
const report = await runCoverage(sources);
const exclusions = JSON.parse(readFileSync(fileURLToPath(new URL('exclusions.json', import.meta.url)), 'utf8')) as readonly Exclusion[];
const { asked, missing, excluded, idle } = sortBranches(readBranches(report, 'cache/coverage/src/'), exclusions, textOf);

console.log(['| file | branches | taken |', '| --- | --: | --: |', ...[...new Set(asked.map(({ file }) => file))].map(row)].join('\n'));
for (const { branch, reason } of excluded) console.log(`excluded ${describe(branch)}: ${reason}`);
for (const branch of missing) console.log(`missing ${describe(branch)}`);
for (const { file, text } of idle) console.error(`exclusions.json: nothing is missed at ${file}: ${text}`);
const percent = (100 * (asked.length - missing.length)) / asked.length;
console.log(
  `${asked.length - missing.length} of ${asked.length} branches, ${percent.toFixed(2)} %; at least ${LEAST_PERCENT} % are asked for`,
);
process.exitCode = percent < LEAST_PERCENT || idle.length > 0 ? 1 : 0;

function row(file: string): string {
  const own = asked.filter((branch) => branch.file === file);
  return `| \`${file}\` | ${own.length} | ${own.filter(({ taken }) => taken).length} |`;
}

function describe({ file, line, name }: Branch): string {
  return `${file}:${line} (${name}) ${textOf(file, line)}`;
}

/** Lines of the copy are those of the source. */
function textOf(file: string, line: number): string {
  return sources.texts.get(file)?.split('\n')[line - 1]?.trim() ?? '';
}
