import { formatDistance, formatTime } from './format.ts';
import { useNow } from './useNow.ts';

/** A moment in local time, with its distance from now when asked. */
export function Time({ ms, distance = false }: { readonly ms: number; readonly distance?: boolean }) {
  const date = new Date(ms);
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {formatTime(date)}
      {distance && <Distance ms={ms} />}
    </time>
  );
}

/** How long ago, or how soon. */
export function Ago({ ms }: { readonly ms: number }) {
  const nowMs = useNow();
  const date = new Date(ms);
  return (
    <time dateTime={date.toISOString()} title={formatTime(date)}>
      {formatDistance(ms / 1000, nowMs / 1000)}
    </time>
  );
}

function Distance({ ms }: { readonly ms: number }) {
  const nowMs = useNow();
  return <span className="quiet"> ({formatDistance(ms / 1000, nowMs / 1000)})</span>;
}
