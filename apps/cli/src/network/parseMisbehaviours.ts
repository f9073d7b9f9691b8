import { GleanerError, show, toGleanerError } from '@gleaner/primitives';
import { formatMisbehaviour, MISBEHAVIOURS, parseMisbehaviour } from '@gleaner/worker/misbehaviour';

/**
 * The values of `--misbehave`, each `worker-<n>=<kind>` or several of them with commas between, by the worker's name.
 * @param workers of the network, named worker-1 to worker-<workers>
 * @throws {GleanerError} bad-request naming the worker or kind that is unknown and those that are not, or a worker named twice
 */
export function parseMisbehaviours(values: readonly string[], workers: number): Readonly<Record<string, string>> {
  const entries = values.flatMap((value) => value.split(',')).map((text) => parseEntry(text.trim(), workers));
  const names = entries.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refusal(`--misbehave names ${twice} twice; a worker does one thing wrong at a time`, twice);
  return Object.fromEntries(entries);
}

/** Lines that warn whoever started such a network. */
export function misbehaviourLines(misbehaviours: Readonly<Record<string, string>>): string[] {
  return Object.entries(misbehaviours).map(([name, kind]) => `Warning: ${name} misbehaves on purpose (${kind})`);
}

function parseEntry(text: string, workers: number): readonly [string, string] {
  const [, name = '', kind = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  if (name === '') throw refusal(`--misbehave takes <worker>=<kind>, e.g. worker-1=wrong-result, got ${show(text)}`, text);
  const number = Number(/^worker-([1-9]\d{0,3})$/.exec(name)?.[1] ?? Number.NaN);
  if (!(number <= workers)) throw refusal(`--misbehave ${show(text)}: there is no worker ${show(name)}; ${namesOf(workers)}`, text);
  try {
    return [name, formatMisbehaviour(parseMisbehaviour(kind))];
  } catch (cause) {
    const { message } = toGleanerError(cause);
    throw new GleanerError('bad-request', `--misbehave ${show(text)}: ${message}`, {
      details: { value: show(text), kinds: MISBEHAVIOURS },
      cause,
    });
  }
}

function namesOf(workers: number): string {
  if (workers === 0) return 'this network has no workers';
  return workers === 1 ? 'the only worker is worker-1' : `the workers are worker-1 to worker-${workers}`;
}

function refusal(message: string, value: string): GleanerError {
  return new GleanerError('bad-request', message, { details: { option: '--misbehave', value: show(value) } });
}
