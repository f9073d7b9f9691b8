import { checkArguments, type ProgramManifest, type ProgramParameter, splitArgs } from '@gleaner/protocol';
import { anyManifest } from '@gleaner/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../src/apps/runCommand.ts';

const APP = '0x748FACFbF72b664c4CaD2757f13fE3f5ff34f943';
const RUNS = { numRuns: 40 };

describe('the command that a form builds', () => {
  test('a shell reads back every value as it was typed, and what is wrong is named at its field', () => {
    fc.assert(
      fc.property(
        anyManifest(),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { minLength: 6, maxLength: 6 }),
        (manifest, typed) => {
          const values = valuesOf(manifest, ({ type }, position) => (type === 'input-file' ? `file ${position}` : (typed[position] ?? '')));
          const { command, problems } = runCommand(APP, manifest, { values, tasks: 1 });
          const words = splitArgs(command);
          const args = words.includes('--') ? words.slice(words.indexOf('--') + 1) : [];
          const files = words.flatMap((word, position) => (word === '--input' ? [words[position + 1]] : []));
          for (const { name, type } of manifest.parameters) {
            const value = values[name] ?? '';
            const sent = args[args.indexOf(`--${name}`) + 1];
            if (value === '') expect(args.filter((word, position) => position % 2 === 0 && word === `--${name}`)).toEqual([]);
            else if (type !== 'input-file') expect(args).toContain(value);
            else expect(files[Number(sent?.slice(1)) - 1]).toBe(value);
          }
          const issues = checkArguments(manifest, args, files.length);
          expect([...problems.keys()]).toEqual([...new Set(issues.map(({ argument }) => argument))]);
        },
      ),
      RUNS,
    );
  });

  test('defaults and bounds have no problem; an empty form is the bare command', () => {
    fc.assert(
      fc.property(anyManifest(), fc.integer({ min: 2, max: 100 }), (manifest, tasks) => {
        const values = valuesOf(manifest, (parameter) => ('minimum' in parameter ? `${parameter.minimum}` : ''));
        expect(runCommand(APP, manifest, { values, tasks }).problems.size).toBe(0);
        expect(runCommand(APP, manifest, { values: {}, tasks: 1 }).command).toBe(`npx gleaner run ${APP}`);
        expect(runCommand(APP, manifest, { values: {}, tasks }).command).toBe(`npx gleaner run ${APP} --tasks ${tasks}`);
      }),
      RUNS,
    );
  });
});

function valuesOf({ parameters }: ProgramManifest, typedInto: (parameter: ProgramParameter, position: number) => string) {
  return Object.fromEntries(parameters.map((parameter, position) => [parameter.name, typedInto(parameter, position)]));
}
