export { recoverSigner } from './adapters/recoverSigner.ts';
export type { OrderbookDeps } from './registerOrderbook.ts';
export { registerOrderbook } from './registerOrderbook.ts';
export type { OrderbookConfig } from './startOrderbook.ts';
export { startOrderbook } from './startOrderbook.ts';
