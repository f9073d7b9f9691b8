export type { ScratchFolder } from './scratchFolder.ts';
export { createScratchFolder } from './scratchFolder.ts';
export type { TestChain, TestChainOptions } from './startTestChain.ts';
export { startTestChain } from './startTestChain.ts';
