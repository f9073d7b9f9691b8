import { Link } from './Link.tsx';
import { withPosition } from './route.ts';
import { usePlace } from './usePlace.ts';

interface PagerProps {
  /** Name of the list in the query. */
  readonly name: string;
  /** What the list holds, for screen readers. */
  readonly of: string;
  readonly at: number;
  readonly count: number;
  readonly pageSize: number;
}

/** Links to the neighbouring pages of a list; nothing when there is one page only. */
export function Pager({ name, of, at, count, pageSize }: PagerProps) {
  const { pathname, query } = usePlace();
  const last = Math.max(0, Math.ceil(count / pageSize) - 1);
  if (last === 0 && at === 0) return null;
  const to = (position: number) => withPosition(pathname, query, name, position);
  return (
    <nav className="pager" aria-label={`Pages of ${of}`}>
      {at > 0 && (
        <Link to={to(Math.min(at - 1, last))} rel="prev">
          ← Previous
        </Link>
      )}
      <span>
        Page {at + 1} of {last + 1}
      </span>
      {at < last && (
        <Link to={to(at + 1)} rel="next">
          Next →
        </Link>
      )}
    </nav>
  );
}
