import type { ExecutionEnd } from './execute.ts';
import { decodeJson } from './frames.ts';
import type { RunReport } from './outcomes.ts';
import type { TrapKind } from './trapKind.ts';
import type { Limits } from './types.ts';

const TRAPS: readonly TrapKind[] = [
  'unreachable',
  'memory-out-of-bounds',
  'table-out-of-bounds',
  'indirect-call',
  'divide-by-zero',
  'integer-overflow',
  'invalid-conversion',
  'other',
];

/** What a sandbox says about the end of a run. A sandbox is not trusted: anything out of form or range is undefined. */
export function readReport(payload: Uint8Array, limits: Limits): Omit<RunReport, 'stdout' | 'stderr'> | undefined {
  const value = parse(payload);
  if (value === undefined) return undefined;
  const end = readEnd(value['end']);
  const fuelUsed = readFuel(value['fuelUsed'], limits);
  const memoryBytes = value['memoryBytes'];
  if (end === undefined || fuelUsed === undefined || !isCount(memoryBytes, limits.memoryBytes)) return undefined;
  return { end, fuelUsed, memoryBytes };
}

export interface FileAnnouncement {
  readonly path: string;
  /** -1 for a folder. */
  readonly size: number;
}

export function readFileAnnouncement(payload: Uint8Array): FileAnnouncement | undefined {
  const value = parse(payload);
  const path = value?.['path'];
  const size = value?.['size'];
  if (typeof path !== 'string' || typeof size !== 'number' || !Number.isSafeInteger(size) || size < -1) return undefined;
  return { path, size };
}

function parse(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value = decodeJson(payload);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const isCount = (value: unknown, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;

function readFuel(value: unknown, { fuel }: Limits): bigint | undefined {
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) return undefined;
  const used = BigInt(value);
  return used <= fuel ? used : undefined;
}

function readEnd(value: unknown): ExecutionEnd | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const end = value as Record<string, unknown>;
  switch (end['kind']) {
    case 'fuel':
    case 'stack':
    case 'memory':
      return { kind: end['kind'] };
    case 'exit':
      return isCount(end['exitCode'], 2 ** 32 - 1) ? { kind: 'exit', exitCode: end['exitCode'] } : undefined;
    case 'trap': {
      const trap = TRAPS.find((known) => known === end['trap']);
      return trap === undefined ? undefined : { kind: 'trap', trap };
    }
    case 'output': {
      const what = (['bytes', 'files', 'path', 'stdout', 'stderr'] as const).find((known) => known === end['what']);
      return what !== undefined && isCount(end['limit'], 2 ** 32) ? { kind: 'output', what, limit: end['limit'] } : undefined;
    }
    case 'host':
      return { kind: 'host', message: String(end['message']).slice(0, 400) };
    default:
      return undefined;
  }
}
