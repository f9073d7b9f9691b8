export type { OfferTerms } from './loops/publishOffers.ts';
export { registerScheduler, type SchedulerDeps } from './registerScheduler.ts';
export { type SchedulerOptions, startScheduler } from './startScheduler.ts';
