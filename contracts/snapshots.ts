import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ForgeOutcome, ForgeProfile, ForgeReport } from './forge.ts';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const read = (path: string): unknown => JSON.parse(readFileSync(file(path), 'utf8'));

/** Gas by operation, bytes of deployed code by contract, lines of the storage layout by struct. */
type Gas = Readonly<Record<string, number>>;
type Sizes = Readonly<Record<string, number>>;
type Layout = Readonly<Record<string, readonly string[]>>;

/** Share by which gas may differ from its snapshot. */
export const GAS_TOLERANCE = 0.03;

/** A forge artifact, as far as it is used here. */
interface ForgeArtifact {
  readonly bytecode: { readonly object: string };
  readonly methodIdentifiers: Readonly<Record<string, string>>;
  readonly storageLayout: StorageLayout;
}

interface StorageLayout {
  readonly storage: readonly StorageMember[];
  readonly types: Readonly<Record<string, StorageType>>;
}

interface StorageMember {
  readonly label: string;
  readonly offset: number;
  readonly slot: string;
  readonly type: string;
}

interface StorageType {
  readonly label: string;
  readonly numberOfBytes: string;
  readonly members?: readonly StorageMember[];
}

/** What forge compiled last in a profile. */
export function compiled(name: string, profile: ForgeProfile = 'default'): ForgeArtifact {
  return read(`${profile === 'committed' ? 'out/committed' : 'out'}/${name}.sol/${name}.json`) as ForgeArtifact;
}

/** What is committed in `snapshots/`. */
export function snapshot(name: 'gas'): Gas;
export function snapshot(name: 'size'): Sizes;
export function snapshot(name: 'storage'): Layout;
export function snapshot(name: string): unknown {
  return read(`snapshots/${name}.json`);
}

/** Gas noted by `record` in the tests in `test/gas`. */
export function measuredGas(report: ForgeReport): Gas {
  return notesIn(report, 'test/gas/');
}

/** Bytes of deployed code noted by the tests in `test/size`. */
export function measuredSizes(report: ForgeReport): Sizes {
  return notesIn(report, 'test/size/');
}

/** What `snapshotGasLastCall` and `snapshotValue` noted in the tests of a folder, by name. */
function notesIn(report: ForgeReport, folder: string): Readonly<Record<string, number>> {
  const contracts = Object.entries(report).filter(([name]) => name.startsWith(folder));
  const noted = contracts.flatMap(([, { test_results }]) => Object.values(test_results).flatMap(notes));
  return Object.fromEntries(noted.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function notes({ gas_snapshots }: ForgeOutcome): [string, number][] {
  return Object.values(gas_snapshots).flatMap((group) => Object.entries(group).map(([name, gas]): [string, number] => [name, Number(gas)]));
}

/** Every struct that the hub stores: `slot+offset label: type, bytes` of each member. Type ids of the compiler are left out. */
export function storageLayout(profile?: ForgeProfile): Layout {
  const { storage, types } = compiled('StorageLayout', profile).storageLayout;
  const line = ({ label, offset, slot, type }: StorageMember): string =>
    `${slot}+${offset} ${label}: ${types[type]?.label}, ${types[type]?.numberOfBytes}`;
  const structs = Object.values(types).filter((type) => type.members !== undefined);
  const sorted = structs.sort((a, b) => (a.label < b.label ? -1 : 1));
  return Object.fromEntries([
    ['namespaces', storage.map(({ label, type }) => `${label}: ${types[type]?.label}`)],
    ...sorted.map(({ label, members = [] }): [string, string[]] => [label, members.map(line)]),
  ]);
}
