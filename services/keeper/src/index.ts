export type { Keeper, KeeperConfig } from './startKeeper.ts';
export { startKeeper } from './startKeeper.ts';
