import type { GleanerError } from '@gleaner/primitives';

/** Stands for one value that could not be read while the rest of the page could. */
export function Missing({ failure }: { readonly failure: GleanerError }) {
  return (
    <span className="quiet" title={failure.message}>
      not available ({failure.code})
    </span>
  );
}
