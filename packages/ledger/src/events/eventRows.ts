import type { EventRow, TimedEvent } from '@gleaner/store';
import type { LedgerEvent } from './LedgerEvent.ts';
import { subjectOf } from './subjectOf.ts';

/** An event as it is stored; `fromEventRow` gives it back. What was read of the chain beside the event is its detail. */
export function toEventRow(event: LedgerEvent): EventRow {
  const { blockNumber, logIndex, transactionHash, address, name } = event;
  const fields = Object.entries(event).filter(([field]) => !PLACE.includes(field));
  const [details, args] = [fields.filter(([field]) => DETAILS.includes(field)), fields.filter(([field]) => !DETAILS.includes(field))];
  return {
    blockNumber,
    logIndex,
    transactionHash,
    address,
    name,
    subject: subjectOf(event),
    args: tagBigints(Object.fromEntries(args)),
    detail: details.length === 0 ? null : tagBigints(Object.fromEntries(details)),
  };
}

const DETAILS = ['deal', 'task'];
/** Fields that have columns of their own, or that the block's row has. */
const PLACE = ['blockNumber', 'blockHash', 'blockTimestamp', 'transactionHash', 'logIndex', 'address', 'name'];

/** The hash of the block is not kept with each event: the block's row has it, and the fold does not read it. */
export function fromEventRow(row: TimedEvent): LedgerEvent {
  const { blockNumber, logIndex, transactionHash, address, name, blockTimestamp, args, detail } = row;
  const place = { blockNumber, logIndex, transactionHash, address, name, blockTimestamp };
  return { ...(untagBigints(args) as object), ...(untagBigints(detail) as object | null), ...place } as unknown as LedgerEvent;
}

/** JSON has no bigint: `5n` becomes `{"$bigint":"5"}`. */
function tagBigints(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: value.toString() };
  if (Array.isArray(value)) return value.map(tagBigints);
  return isObject(value) ? mapValues(value, tagBigints) : value;
}

function untagBigints(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untagBigints);
  if (!isObject(value)) return value;
  return typeof value['$bigint'] === 'string' ? BigInt(value['$bigint']) : mapValues(value, untagBigints);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const mapValues = (value: Record<string, unknown>, map: (item: unknown) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item)]));
