import { type GleanerError, REASONS } from '@gleaner/primitives';
import type { ReactNode } from 'react';
import type { Reading } from './useReading.ts';

interface ShownProps<T> {
  readonly reading: Reading<T>;
  /** What is being read, as in "Loading …". */
  readonly what: string;
  readonly children: (value: T) => ReactNode;
}

/** The four faces of a reading: loading, failed, there, and there but no longer fresh. */
export function Shown<T>({ reading, what, children }: ShownProps<T>) {
  const { value, failure, again } = reading;
  if (value === undefined && failure === undefined) {
    return (
      <p className="loading" role="status">
        Loading {what}…
      </p>
    );
  }
  if (value === undefined) return failure && <Failure failure={failure} title={`Could not read ${what}`} again={again} />;
  return (
    <>
      {failure && <Failure failure={failure} title={`Could not refresh ${what}; this is what was read before`} again={again} />}
      {children(value)}
    </>
  );
}

interface FailureProps {
  readonly failure: GleanerError;
  readonly title: string;
  readonly again?: () => void;
}

/** A failure in plain words, with its reason code and what to do about it. */
export function Failure({ failure, title, again }: FailureProps) {
  return (
    <div className="notice bad" role="alert">
      <p>
        <strong>{title}.</strong> {failure.message}
      </p>
      <p>
        {REASONS[failure.code].help} <code>{failure.code}</code>
      </p>
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}
