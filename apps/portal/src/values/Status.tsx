import { statusOf } from './statusWords.ts';

/** A state as a word with a sign; colour only repeats what both say. */
export function Status({ of }: { readonly of: string }) {
  const { word, tone } = statusOf(of);
  return (
    <span className={`status ${tone}`}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {word}
    </span>
  );
}

const SIGNS = { waiting: '○', working: '◐', good: '✓', bad: '✕' } as const;
