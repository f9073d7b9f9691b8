import { contentIdOf } from './contentIdOf.ts';
import { parseParams } from './params.ts';

/** The files that a task needs, by content id. */
export interface TaskContent {
  readonly program: string;
  /** In the order of the request. */
  readonly inputs: readonly { readonly location: string; readonly cid: string }[];
}

/**
 * What must be fetched before a task can run.
 * @param multiaddr location of the app's program
 * @param params of the deal
 * @throws {GleanerError} program-not-found, input-unreachable for a location that names no content id
 */
export function taskContent({ multiaddr, params }: { readonly multiaddr: string; readonly params: string }): TaskContent {
  const program = contentIdOf(multiaddr, 'program-not-found');
  const locations = parseParams(params).iexec_input_files ?? [];
  return { program, inputs: locations.map((location) => ({ location, cid: contentIdOf(location, 'input-unreachable') })) };
}
