export { deployOurs } from './deployOurs.ts';
export { deployPublished } from './deployPublished.ts';
export { type HubFunction, hubCall } from './hubCall.ts';
export type { MarketSystem, Receipt, ReceiptLog } from './MarketSystem.ts';
export { publishedArtifact } from './publishedArtifacts.ts';
export { domainOf, signAuthorization, signEnclave, signOrder } from './signing.ts';
export { type Anvil, nodeAccount, startAnvil } from './startAnvil.ts';
export { type Transaction, transact, transactOrThrow } from './transact.ts';
