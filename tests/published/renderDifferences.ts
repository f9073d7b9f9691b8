import { type ListedDifference, listedDifferences } from './listedDifferences.ts';

/** What each origin means, in the order of the page. */
const ORIGINS: Readonly<Record<ListedDifference['origin'], readonly [title: string, meaning: string]>> = {
  '6.2.0': ['From 6.1.0 to 6.2.0', 'PoCo itself changed, and ours follows 6.2.0.'],
  decided: ['Decided by us', 'Our answer differs on purpose; see also `poco-quirks.md`.'],
  compiler: ['Another compiler', 'Malformed calldata that two compilers decode at different moments; no client sends it.'],
  'stand-in': ['Not in the package', 'The published package lacks a part, and a stand-in takes its place in the comparison.'],
};

/** The page `docs/decisions/published-differences.md`. */
export function renderDifferences(): string {
  return [
    '# Where ours differs from the published contracts',
    '',
    'Random sequences of calls go to the published contracts (6.1.0, the bytecode of the package) and to ours, in the same blocks; success, return or revert data, events and everything that can be viewed must be the same, but for what is listed here. Anything else makes `tests/published` fail.',
    '',
    'Generated from `tests/published/listedDifferences.ts`: `npm run differences:build`. Results of long runs: `docs/results`.',
    '',
    ...Object.entries(ORIGINS).flatMap(([origin, [title, meaning]]) => section(title, meaning, origin)),
  ].join('\n');
}

function section(title: string, meaning: string, origin: string): readonly string[] {
  const listed = listedDifferences.filter((difference) => difference.origin === origin);
  return [`## ${title}`, '', meaning, '', ...listed.map(({ name, reason }) => `- **${name}**: ${reason}.`), ''];
}
