export { openTestStore } from './openTestStore.ts';
export type { ScratchFolder } from './scratchFolder.ts';
export { createScratchFolder } from './scratchFolder.ts';
export type { TestChain, TestChainOptions, TestMarket } from './startTestChain.ts';
export { startBareChain, startTestChain } from './startTestChain.ts';
export type { TestDatabase, TestPostgres } from './startTestPostgres.ts';
export { startTestPostgres } from './startTestPostgres.ts';
export { type OpenApiDocument, watchRoutes } from './watchRoutes.ts';
