import { type Logger, pino } from 'pino';

/** Every line that a service logs, down to the finest level, as text. */
export interface MemoryLog {
  readonly log: Logger;
  text(): string;
}

export function createMemoryLog(): MemoryLog {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  return { log, text: () => lines.join('') };
}
