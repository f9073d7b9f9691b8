import { GleanerError, show } from '@gleaner/primitives';

type Quote = "'" | '"';
/** Characters that a backslash escapes inside double quotes; before others it stays. */
const ESCAPED_IN_DOUBLE = new Set(['"', '\\', '$', '`', '\n']);
const SPACE = /\s/;
/** Text that needs no quotes. */
const PLAIN = /^[\w@%+=:,./-]+$/;

interface Splitting {
  readonly args: string[];
  word: string | undefined;
  quote: Quote | undefined;
}

/**
 * Program arguments of an `iexec_args` line, split like a POSIX shell does: blanks separate, '…' is literal,
 * "…" honours \" \\ \$ \`, a backslash outside quotes makes the next character literal. Nothing is expanded.
 * @throws {GleanerError} order-invalid for a quote that is never closed or a backslash at the end
 */
export function splitArgs(line: string): string[] {
  const splitting: Splitting = { args: [], word: undefined, quote: undefined };
  const characters = [...line];
  for (let at = 0; at < characters.length; ) at += takeCharacter(splitting, characters, at, line);
  if (splitting.quote !== undefined) throw unfinished(line, `the quote ${splitting.quote} is never closed`);
  endWord(splitting);
  return splitting.args;
}

/** Number of characters used, one or two. */
function takeCharacter(splitting: Splitting, characters: readonly string[], at: number, line: string): number {
  const character = characters[at] ?? '';
  if (character === splitting.quote) splitting.quote = undefined;
  else if (character === '\\' && splitting.quote !== "'") return takeEscape(splitting, characters[at + 1], line);
  else if (splitting.quote !== undefined) addToWord(splitting, character);
  else if (character === "'" || character === '"') openQuote(splitting, character);
  else if (SPACE.test(character)) endWord(splitting);
  else addToWord(splitting, character);
  return 1;
}

function takeEscape(splitting: Splitting, next: string | undefined, line: string): number {
  if (next === undefined) throw unfinished(line, 'it ends with a single backslash');
  addToWord(splitting, splitting.quote === '"' && !ESCAPED_IN_DOUBLE.has(next) ? `\\${next}` : next);
  return 2;
}

function openQuote(splitting: Splitting, quote: Quote): void {
  splitting.quote = quote;
  addToWord(splitting, '');
}

function addToWord(splitting: Splitting, text: string): void {
  splitting.word = (splitting.word ?? '') + text;
}

function endWord(splitting: Splitting): void {
  if (splitting.word !== undefined) splitting.args.push(splitting.word);
  splitting.word = undefined;
}

function unfinished(line: string, why: string): GleanerError {
  return new GleanerError('order-invalid', `iexec_args ${show(line)} cannot be split: ${why}`, {
    details: { field: 'iexec_args', length: line.length },
  });
}

/** One `iexec_args` line that `splitArgs` takes apart into the same arguments. */
export function joinArgs(args: readonly string[]): string {
  return args.map((arg) => (PLAIN.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)).join(' ');
}
