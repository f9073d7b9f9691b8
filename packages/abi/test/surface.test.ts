import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as abis from '../src/index.ts';

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly indexed?: boolean;
  readonly components?: readonly Parameter[];
}

interface Entry {
  readonly type: string;
  readonly name: string;
  readonly inputs: readonly Parameter[];
  readonly outputs?: readonly Parameter[];
}

interface Surface {
  readonly functions: readonly { signature: string; returns: readonly string[] }[];
  readonly events: readonly { declaration: string }[];
  readonly errors: readonly { signature: string }[];
}

const surface = JSON.parse(readFileSync(new URL('../../../tests/vectors/surface.json', import.meta.url), 'utf8')) as Record<
  string,
  Surface
>;

/** Listed in the published ABI although no facet implements it. */
const notImplemented = new Set(['renounceOwnership()']);

const pairs = [
  ['hub', abis.hubAbi],
  ['appRegistry', abis.appRegistryAbi],
  ['datasetRegistry', abis.datasetRegistryAbi],
  ['workerpoolRegistry', abis.workerpoolRegistryAbi],
  ['app', abis.appAbi],
  ['dataset', abis.datasetAbi],
  ['workerpool', abis.workerpoolAbi],
] as const;

describe.each(pairs)('%s', (name, abi) => {
  const published = surface[name];
  if (published === undefined) throw new Error(`no surface of ${name}`);
  const entries = abi as unknown as readonly Entry[];

  it('has every published function with the same shape of answers', () => {
    const own = new Map(entries.filter((e) => e.type === 'function').map((e) => [signature(e), (e.outputs ?? []).map(answer)]));
    for (const { signature: wanted, returns } of published.functions) {
      if (name === 'hub' && notImplemented.has(wanted)) continue;
      expect(own.get(wanted), wanted).toEqual(returns);
    }
  });

  it('has every published event with the same names and indexes', () => {
    const own = entries.filter((e) => e.type === 'event').map((e) => `${e.name}(${e.inputs.map((p) => declare(p, true)).join(', ')})`);
    expect(own).toEqual(expect.arrayContaining(published.events.map((event) => event.declaration)));
  });

  it('has every error that hub clients decode', () => {
    const own = entries.filter((e) => e.type === 'error').map(signature);
    if (name === 'hub') expect(own).toEqual(expect.arrayContaining(published.errors.map((error) => error.signature)));
  });
});

function signature(entry: Entry): string {
  return `${entry.name}(${entry.inputs.map((p) => declare(p, false)).join()})`;
}

function answer(parameter: Parameter): string {
  return parameter.components ? declare({ ...parameter, name: '' }, true) : parameter.type;
}

function declare(p: Parameter, named: boolean): string {
  const type = p.components ? p.type.replace('tuple', `(${p.components.map((c) => declare(c, named)).join(named ? ', ' : ',')})`) : p.type;
  return `${type}${named && p.indexed ? ' indexed' : ''}${named && p.name ? ` ${p.name}` : ''}`;
}
