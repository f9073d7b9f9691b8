import { isGleanerError } from '@gleaner/primitives';
import { findJsonFile } from '../files/readJsonFile.ts';
import { writeFileAtomic } from '../files/writeFileAtomic.ts';
import type { ProcessIdentity } from '../process/processIdentity.ts';
import type { PartState } from '../process/supervisedProcess.ts';

export interface PartRecord {
  readonly name: string;
  readonly state: PartState;
  readonly restarts: number;
  readonly url?: string;
  /** What this worker was told to do wrong. */
  readonly misbehaviour?: string;
  /** Absent for a part that lives in the supervisor itself. */
  readonly process?: ProcessIdentity;
}

/** Content of supervisor.json: what was started, for status, clean-up and the ports of the next start. */
export interface SupervisorRecord {
  readonly supervisor: ProcessIdentity;
  readonly state: 'starting' | 'ready' | 'stopping' | 'stopped';
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly ports: Readonly<Record<string, number>>;
  readonly parts: readonly PartRecord[];
}

/** The record of the latest run; `undefined` without one or when it is damaged, for everything in it can be found out anew. */
export async function findRecord(path: string): Promise<SupervisorRecord | undefined> {
  try {
    const record = (await findJsonFile(path)) as Partial<SupervisorRecord> | undefined;
    return record?.supervisor && record.parts && record.ports ? (record as SupervisorRecord) : undefined;
  } catch (error) {
    if (isGleanerError(error) && error.code === 'data-corrupt') return undefined;
    throw error;
  }
}

export function writeRecord(path: string, record: SupervisorRecord): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(record, null, 2)}\n`);
}
