import type { ProgramManifest } from '@gleaner/protocol';
import fc from 'fast-check';

type Parameter = ProgramManifest['parameters'][number];

export interface ArgumentOptions {
  /** Lower maxima than the manifest's, for what costs time. The parameter is then always given. */
  readonly atMost?: Readonly<Record<string, number>>;
  /** Values of parameters that a manifest cannot describe by itself: texts and input files. Others of these types are left out. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
}

/** Random arguments that a program's manifest allows, each parameter given or left to its default, in the order of the manifest. */
export function anyArguments({ parameters }: ProgramManifest, { atMost = {}, values = {} }: ArgumentOptions = {}): fc.Arbitrary<string[]> {
  const words = parameters.map((parameter) => {
    const { name } = parameter;
    const value = anyValue(parameter, atMost[name], values[name]);
    if (value === undefined) return fc.constant<string[]>([]);
    const given = value.map((text) => [`--${name}`, text]);
    return name in atMost ? given : fc.oneof(fc.constant<string[]>([]), given);
  });
  return fc.tuple(...words).map((parts) => parts.flat());
}

function anyValue(parameter: Parameter, atMost = Infinity, values?: readonly string[]): fc.Arbitrary<string> | undefined {
  if (values !== undefined) return fc.constantFrom(...values);
  switch (parameter.type) {
    case 'integer':
      return fc.integer({ min: parameter.minimum, max: Math.min(parameter.maximum, atMost) }).map(String);
    case 'number': {
      const steps = Math.floor((Math.min(parameter.maximum, atMost) - parameter.minimum) / parameter.step);
      return fc.nat(Math.min(steps, 2 ** 31 - 1)).map((count) => decimal(parameter.minimum + count * parameter.step));
    }
    case 'choice':
      return fc.constantFrom(...parameter.choices);
    case 'text':
    case 'input-file':
      return undefined;
  }
}

/** Without the digits that binary fractions add: 0.1 + 0.2 is 0.3. */
function decimal(value: number): string {
  return String(Number(value.toPrecision(12)));
}
