import { type Logger, pino } from 'pino';
import { RotatingLog } from '../process/rotatingLog.ts';

export interface LogFile {
  readonly log: Logger;
  close(): Promise<void>;
}

/** JSON lines in a rotated file of mode 0600. */
export function openLog(path: string): LogFile {
  const file = new RotatingLog(path);
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write: (line: string) => file.write(line) });
  return { log, close: async () => file.close() };
}
