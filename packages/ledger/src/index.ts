export type { InitializedTask, LedgerEvent } from './events/LedgerEvent.ts';
export type { LedgerChange } from './follow/LedgerChange.ts';
export { chainSource, type LedgerSource } from './follow/LedgerSource.ts';
export { LEDGER_CHANNEL } from './follow/writeBatch.ts';
export { applyEvent, foldEvents } from './projection/applyEvent.ts';
export type { Projection, Projections } from './projection/Projection.ts';
export { type Ledger, type LedgerLog, type LedgerOptions, type LedgerState, startLedger } from './startLedger.ts';
