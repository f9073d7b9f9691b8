export type { OfferTerms } from './loops/publishOffers.ts';
export { startScheduler, type SchedulerOptions } from './startScheduler.ts';
export { registerScheduler, type SchedulerDeps } from './registerScheduler.ts';
