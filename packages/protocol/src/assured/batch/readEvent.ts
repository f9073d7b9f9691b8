import type { Bytes32 } from '@gleaner/primitives';
import { z } from 'zod';
import { MAX_UINT256 } from '../../uint256.ts';
import { isTime } from '../checks/assertTime.ts';
import { MAX_ATTEMPT } from '../schedule.ts';
import { SEAL_BYTES, type Seal } from '../seal.ts';
import { MAX_OPERATORS } from '../weightTree.ts';
import { type BatchEvent, EventRefused } from './BatchEvent.ts';

const hex = <T>(bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`))
    .transform((text) => text.toLowerCase() as T);
const word = hex<Bytes32>(32);
const whole = (least: number, most: number) => z.number().int().min(least).max(most);
const number8 = whole(1, 255);
const operator = whole(0, MAX_OPERATORS - 1);
const name = z
  .string()
  .min(1)
  .max(200)
  .transform((text) => (text.startsWith('0x') ? text.toLowerCase() : text));
const step = { now: z.custom<BatchEvent['now']>(isTime), carrier: name };
/** Neither a round nor a committee has more members. */
const MOST_ENTRIES = 1_024;

/** Fields of every message: whole numbers in their ranges, hex of the right length in either case, read as lower case. */
const EVENT = z.discriminatedUnion('kind', [
  z.object({ ...step, kind: z.literal('commit'), operator, seal: hex<Seal>(SEAL_BYTES), seed: word }),
  z.object({
    ...step,
    kind: z.literal('reportPassed'),
    seat: number8,
    attempt: whole(0, MAX_ATTEMPT),
    declined: z.boolean(),
    seed: word,
  }),
  z.object({
    ...step,
    kind: z.literal('open'),
    root: word,
    traceRoot: word,
    salts: z.array(z.object({ round: number8, seat: number8, salt: word })).max(MOST_ENTRIES),
    seed: word.exactOptional(),
  }),
  z.object({ ...step, kind: z.literal('replaceUnready'), ready: z.array(number8).max(MOST_ENTRIES), seed: word.exactOptional() }),
  z.object({ ...step, kind: z.literal('convictUnopened'), round: number8, seat: number8 }),
  z.object({ ...step, kind: z.literal('closeLate') }),
  z.object({ ...step, kind: z.literal('dispute'), disputer: name, root: word }),
  z.object({
    ...step,
    kind: z.literal('referees'),
    first: whole(0, 65_535),
    votes: z.array(z.object({ operator, root: word })).max(MOST_ENTRIES),
    seed: word,
  }),
  z.object({ ...step, kind: z.literal('settleDispute') }),
  z.object({ ...step, kind: z.literal('convictedElsewhere'), operator, compensation: z.bigint().min(0n).max(MAX_UINT256) }),
  z.object({ ...step, kind: z.literal('seatsElsewhere'), operator, open: whole(0, 65_535) }),
  z.object({ ...step, kind: z.literal('judgeAgain') }),
  z.object({ ...step, kind: z.literal('release') }),
]);

/** The message with its hex in lower case: two spellings of the same bytes are the same root, seal or salt. @throws {EventRefused} malformed */
export function readEvent(event: BatchEvent): BatchEvent {
  const read = EVENT.safeParse(event);
  if (!read.success) throw new EventRefused('malformed');
  return read.data;
}
