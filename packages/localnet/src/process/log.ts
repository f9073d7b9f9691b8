/** Where the network tells what it does; pino loggers fit. */
export interface Log {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined };
