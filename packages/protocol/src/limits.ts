/** Largest result archive that workers pack, gateways take and readers fetch. */
export const MAX_ARCHIVE_BYTES = 50 * 1024 * 1024;
/** Characters of stdout, and of stderr, that a worker reports and a pool keeps: the last ones. */
export const MAX_LOG_CHARS = 100_000;
