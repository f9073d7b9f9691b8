/** Bounds on a module. They keep checking, metering and compiling cheap, and stay below what every supported engine accepts. */
export const MAX_MODULE_BYTES = 32 * 1024 * 1024;
export const MAX_TYPES = 100_000;
export const MAX_FUNCTIONS = 200_000;
export const MAX_PARAMS = 1_000;
export const MAX_RESULTS = 1_000;
/** Parameters included. */
export const MAX_LOCALS = 50_000;
/** Parameters, results and locals of all functions: a few bytes can declare many, and each is looked at. */
export const MAX_TOTAL_LOCALS = 5_000_000;
/** Per function, locals times blocks and branches: optimising compilers keep a state of all locals for each. */
export const MAX_LOCALS_BY_BLOCKS = 200_000_000;
/** Per function: values that blocks, branches and calls carry, beyond this many for each of its instructions. */
export const MAX_CARRIED_PER_INSTRUCTION = 64;
export const MAX_FUNCTION_BYTES = 2 * 1024 * 1024;
/** V8 refuses larger bodies; metering makes bodies grow. */
export const MAX_METERED_FUNCTION_BYTES = 7_654_321;
export const MAX_NESTING = 20_000;
/** Per function; optimising compilers take time quadratic in the number and depth of loops. */
export const MAX_LOOPS = 2_500;
export const MAX_LOOP_NESTING = 500;
export const MAX_GLOBALS = 100_000;
export const MAX_TABLES = 100;
/** Elements of all tables together at the start; a table grows to an equal share of it at most. */
export const MAX_TABLE_ELEMENTS = 1_000_000;
export const MAX_EXPORTS = 100_000;
export const MAX_ELEMENT_SEGMENTS = 100_000;
export const MAX_DATA_SEGMENTS = 100_000;
export const MAX_BRANCH_TARGETS = 65_520;
/** Pages of 64 KiB in a 32-bit memory. */
export const MAX_MEMORY_PAGES = 65_536;
export const PAGE_BYTES = 65_536;
