/** Bounds on a module. They keep checking, metering and compiling cheap, and stay below what every supported engine accepts. */
export const MAX_MODULE_BYTES = 32 * 1024 * 1024;
export const MAX_TYPES = 100_000;
export const MAX_FUNCTIONS = 200_000;
export const MAX_PARAMS = 1_000;
export const MAX_RESULTS = 1_000;
/** Parameters included. */
export const MAX_LOCALS = 50_000;
export const MAX_FUNCTION_BYTES = 2 * 1024 * 1024;
/** V8 refuses larger bodies; metering makes bodies grow. */
export const MAX_METERED_FUNCTION_BYTES = 7_654_321;
export const MAX_NESTING = 20_000;
/** Per function; optimising compilers take time quadratic in the number and depth of loops. */
export const MAX_LOOPS = 10_000;
export const MAX_LOOP_NESTING = 500;
export const MAX_GLOBALS = 100_000;
export const MAX_TABLES = 100;
/** Elements of one table; a table without a maximum gets this one. */
export const MAX_TABLE_ELEMENTS = 1_000_000;
export const MAX_EXPORTS = 100_000;
export const MAX_ELEMENT_SEGMENTS = 100_000;
export const MAX_DATA_SEGMENTS = 100_000;
export const MAX_BRANCH_TARGETS = 65_520;
/** Pages of 64 KiB in a 32-bit memory. */
export const MAX_MEMORY_PAGES = 65_536;
export const PAGE_BYTES = 65_536;
