export { createMemoryOutbox } from './sender/memoryOutbox.ts';
export type { Outbox, OutboxEntry, OutboxStatus, PutAnswer } from './sender/outbox.ts';
