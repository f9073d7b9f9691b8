import type { Address as AddressValue, DealId, TaskId } from '@gleaner/primitives';
import { Link } from '../navigation/Link.tsx';
import { accountPath, dealPath, taskPath } from '../navigation/route.ts';
import { CopyButton } from './CopyButton.tsx';
import { shorten } from './format.ts';

/** An account, short, leading to its page; the whole address is in the tooltip. */
export function Address({ of }: { readonly of: AddressValue }) {
  return (
    <Link to={accountPath(of)} className="mono" title={of}>
      {shorten(of)}
    </Link>
  );
}

export function DealLink({ of }: { readonly of: DealId }) {
  return (
    <Link to={dealPath(of)} className="mono" title={of}>
      {shorten(of, 10, 4)}
    </Link>
  );
}

export function TaskLink({ of }: { readonly of: TaskId }) {
  return (
    <Link to={taskPath(of)} className="mono" title={of}>
      {shorten(of, 10, 4)}
    </Link>
  );
}

/** A contract or any hash, short, leading nowhere. */
export function Hash({ of }: { readonly of: string }) {
  return (
    <span className="mono" title={of}>
      {shorten(of, 10, 4)}
    </span>
  );
}

/** An id in full, to be copied. */
export function FullId({ of, what }: { readonly of: string; readonly what: string }) {
  return (
    <span className="full-id">
      <code>{of}</code> <CopyButton text={of} what={what} />
    </span>
  );
}
