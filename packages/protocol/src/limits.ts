/** Largest result archive that workers pack, gateways take and readers fetch. */
export const MAX_ARCHIVE_BYTES = 50 * 1024 * 1024;
/** Largest input file that workers fetch; all inputs of a task together have the sandbox's limit. */
export const MAX_INPUT_BYTES = 256 * 1024 * 1024;
/** Characters of stdout, and of stderr, that a worker reports and a pool keeps: the last ones. */
export const MAX_LOG_CHARS = 100_000;
