import type { SupervisedProcess } from '../process/supervisedProcess.ts';
import type { PartRecord } from './record.ts';

/** A process as the record and the status show it. @param misbehaviour what this worker was told to do wrong */
export function describePart({ name, state, restarts, url, identity }: SupervisedProcess, misbehaviour: string | undefined): PartRecord {
  return {
    name,
    state,
    restarts,
    ...(url ? { url } : {}),
    ...(misbehaviour === undefined ? {} : { misbehaviour }),
    ...(identity ? { process: identity } : {}),
  };
}
