import type { Both } from './both.ts';
import type { Counterparts } from './Counterparts.ts';
import type { Answer, PairedCall } from './PairedCall.ts';

/** What was different about one call. */
export interface Deviation {
  readonly call: string;
  readonly what: 'success' | 'output' | 'logs';
  readonly published: string;
  /** In published words. */
  readonly ours: string;
}

/** Success, return or revert data byte for byte, and events in order; undefined when all are the same. */
export function compareAnswers(call: PairedCall, [published, ours]: Both<Answer>, counterparts: Counterparts): Deviation | undefined {
  const deviation = (what: Deviation['what'], left: string, right: string) => ({ call: call.name, what, published: left, ours: right });
  if (published.succeeded !== ours.succeeded)
    return deviation('success', describe(published), `${ours.succeeded ? 'succeeded' : 'failed'} ${counterparts.translate(ours.output)}`);
  const output = counterparts.translate(ours.output);
  const foreseen = !(call.parts && published.succeeded);
  if (foreseen && published.output.toLowerCase() !== output) return deviation('output', published.output.toLowerCase(), output);
  if (call.parts) return undefined;
  const left = published.logs.map(({ address, topics, data }) => logText(pad(address), topics, data));
  const right = ours.logs.map(({ address, topics, data }) =>
    logText(
      counterparts.translate(pad(address)),
      topics.map((topic) => counterparts.translate(topic)),
      counterparts.translate(data),
    ),
  );
  return left.join('\n') === right.join('\n') ? undefined : deviation('logs', left.join('\n'), right.join('\n'));
}

const describe = ({ succeeded, output }: Answer): string => `${succeeded ? 'succeeded' : 'failed'} ${output.toLowerCase()}`;

const pad = (address: string): `0x${string}` => `0x${address.slice(2).toLowerCase().padStart(64, '0')}`;

function logText(address: string, topics: readonly string[], data: string): string {
  return `${address} ${topics.join(' ').toLowerCase()} ${data.toLowerCase()}`;
}
