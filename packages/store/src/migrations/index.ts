import { sql0001 } from './0001_ledger.ts';
import { sql0002 } from './0002_orderbook.ts';
import { sql0003 } from './0003_scheduler.ts';
import { sql0004 } from './0004_outbox.ts';
import { sql0005 } from './0005_secrets.ts';
import { sql0006 } from './0006_pools.ts';
import { sql0007 } from './0007_enclave_answers.ts';
import { sql0008 } from './0008_pool_owners.ts';

/** One step of the schema; its text never changes once released. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** Statements, each ended by a semicolon and an empty line or the end. */
  readonly text: string;
}

/** In order, without gaps. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'ledger', text: sql0001 },
  { number: 2, name: 'orderbook', text: sql0002 },
  { number: 3, name: 'scheduler', text: sql0003 },
  { number: 4, name: 'outbox', text: sql0004 },
  { number: 5, name: 'secrets', text: sql0005 },
  { number: 6, name: 'pools', text: sql0006 },
  { number: 7, name: 'enclave_answers', text: sql0007 },
  { number: 8, name: 'pool_owners', text: sql0008 },
];
