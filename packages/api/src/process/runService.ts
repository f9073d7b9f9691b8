import { toGleanerError } from '@gleaner/primitives';
import { destination, type Logger, pino } from 'pino';

/** What a service gives when it serves. */
export interface RunningService {
  readonly url?: string;
  close(): Promise<void>;
}

/** A service that takes longer to end in order is ended anyway; its supervisor waits a little more. */
const CLOSE_MS = 5_000;

/**
 * The life of a service process: JSON log lines on stderr, one line `{"ready":true,"url":…}` on stdout when it serves,
 * an orderly end on SIGTERM or SIGINT, exit code 1 with the reason code in the log when it cannot start.
 */
export async function runService(name: string, start: (log: Logger) => Promise<RunningService>): Promise<void> {
  const log = pino({ name, level: process.env['GLEANER_LOG_LEVEL'] ?? 'info' }, destination({ fd: 2, sync: true }));
  try {
    const service = await start(log);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end(service));
    process.stdout.write(`${JSON.stringify({ ready: true, url: service.url })}\n`);
  } catch (error) {
    const { code, message } = toGleanerError(error);
    log.fatal({ err: error, code }, message);
    process.exit(1);
  }
}

function end(service: RunningService): void {
  setTimeout(() => process.exit(1), CLOSE_MS).unref();
  void service.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
