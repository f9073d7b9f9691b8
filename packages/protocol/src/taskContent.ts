import { contentIdOf } from './contentIdOf.ts';
import { parseParams } from './params.ts';

/** An input file of a request. */
export interface InputLocation {
  readonly location: string;
  /** Content id that the location names; absent for a plain URL, whose bytes nothing vouches for. */
  readonly cid?: string;
}

/** The files that a task needs. */
export interface TaskContent {
  /** Content id. */
  readonly program: string;
  /** In the order of the request. */
  readonly inputs: readonly InputLocation[];
}

/** Leads to a host that only the URL names. */
const PLAIN_URL = /^https?:\/\/[^/?#]/i;

/**
 * What must be fetched before a task can run. What names a content id is fetched by it, from the gateways of whoever fetches, and never
 * from the host in the URL.
 * @param multiaddr location of the app's program
 * @param params of the deal
 * @throws {GleanerError} program-not-found, input-unreachable for a location that is neither a content id nor an http or https URL
 */
export function taskContent({ multiaddr, params }: { readonly multiaddr: string; readonly params: string }): TaskContent {
  const program = contentIdOf(multiaddr, 'program-not-found');
  const locations = parseParams(params).iexec_input_files ?? [];
  return { program, inputs: locations.map(inputLocation) };
}

function inputLocation(location: string): InputLocation {
  try {
    return { location, cid: contentIdOf(location, 'input-unreachable') };
  } catch (error) {
    if (PLAIN_URL.test(location)) return { location };
    throw error;
  }
}
