import type { GleanerError } from '@gleaner/primitives';
import type { Adopting } from './adoptEffect.ts';
import { broadcast } from './broadcast.ts';
import type { Flight } from './flights.ts';
import type { Mutex } from './mutex.ts';
import type { Nonces } from './nonces.ts';
import type { createSigner, Prepared } from './sign.ts';

export interface Submitting extends Adopting {
  readonly nonces: Nonces;
  readonly mutex: Mutex;
  readonly sign: ReturnType<typeof createSigner>;
}

/** Signs and stores a transaction, follows it and hands it to the node. One that the node refuses ends with that refusal. */
export async function submit(parts: Submitting, prepared: Prepared): Promise<Flight> {
  const { chain, tracker, nonces, mutex, sign } = parts;
  const { flight, fresh } = await mutex(async () => {
    if (tracker.flights.size === 0) nonces.refresh();
    const signed = await sign(prepared);
    return { fresh: signed.fresh, flight: tracker.track(signed.entry, { doubtful: !signed.fresh }) };
  });
  if (!fresh) return flight;
  const answer = await broadcast(chain, flight.entry);
  if (answer.kind === 'doubtful') tracker.doubt(flight);
  if (answer.kind === 'refused') await abandon(parts, flight, answer.error);
  return flight;
}

/** Its nonce is free again, since it never entered a pool. */
function abandon({ mutex, outbox, address, tracker, nonces }: Submitting, flight: Flight, error: GleanerError): Promise<void> {
  return mutex(async () => {
    await outbox.settle(address, flight.entry.hash, 'abandoned');
    tracker.drop(flight);
    nonces.release(flight.entry.nonce);
    flight.resolve({ kind: 'refused', error });
  });
}
