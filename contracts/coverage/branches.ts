/** One way out of a condition, in a source below contracts/src. */
export interface Branch {
  readonly file: string;
  readonly line: number;
  /** Number of the condition in its file and of the way out of it. */
  readonly name: string;
  readonly taken: boolean;
}

/** What is not asked for, and why. A line is named by its text, so that the entry moves with it. */
export interface Exclusion {
  readonly file: string;
  readonly text: string;
  readonly reason: string;
}

/**
 * Branches of an LCOV report, of sources below `folder`.
 * Throws when there is none: then the report is not of these sources.
 */
export function readBranches(report: string, folder: string): Branch[] {
  const branches: Branch[] = [];
  let file = '';
  for (const line of report.split('\n')) {
    const [key = '', rest = ''] = line.split(/:(.*)/s);
    if (key === 'SF') file = rest;
    if (key !== 'BRDA' || !file.startsWith(folder)) continue;
    const [place, condition, way, count] = rest.split(',');
    branches.push({ file: file.slice(folder.length), line: Number(place), name: `${condition}.${way}`, taken: Number(count) > 0 });
  }
  if (branches.length === 0) throw new Error(`the report names no branch below ${folder}: it is not of the contracts`);
  return branches;
}

export interface Missing {
  readonly asked: readonly Branch[];
  readonly missing: readonly Branch[];
  readonly excluded: readonly { readonly branch: Branch; readonly reason: string }[];
  /** Exclusions that name no branch that was missed: their source has changed, or a test takes it by now. */
  readonly idle: readonly Exclusion[];
}

/** Sorts the branches. `textOf` gives the text of a line, without white space around it. */
export function sortBranches(
  branches: readonly Branch[],
  exclusions: readonly Exclusion[],
  textOf: (file: string, line: number) => string,
): Missing {
  const reasonFor = (branch: Branch) =>
    exclusions.find(({ file, text }) => !branch.taken && file === branch.file && text === textOf(branch.file, branch.line));
  const found = branches.map((branch) => ({ branch, exclusion: reasonFor(branch) }));
  const used = new Set(found.map(({ exclusion }) => exclusion));
  return {
    asked: found.filter(({ exclusion }) => exclusion === undefined).map(({ branch }) => branch),
    missing: found.filter(({ branch, exclusion }) => exclusion === undefined && !branch.taken).map(({ branch }) => branch),
    excluded: found.flatMap(({ branch, exclusion }) => (exclusion === undefined ? [] : [{ branch, reason: exclusion.reason }])),
    idle: exclusions.filter((exclusion) => !used.has(exclusion)),
  };
}
