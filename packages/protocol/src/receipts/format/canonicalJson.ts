/** The values of a receipt: objects, arrays and strings. */
export type CanonicalValue = string | readonly CanonicalValue[] | { readonly [name: string]: CanonicalValue };

/**
 * Canonical form of a value: no white space, members sorted by name, strings escaped as little as JSON allows.
 * @throws {RangeError} for a lone surrogate, which UTF-8 cannot carry
 * Source: RFC 8785, for values without numbers and literals.
 */
export function encodeCanonical(value: CanonicalValue): string {
  if (typeof value === 'string') return encodeText(value);
  if (isArray(value)) return `[${value.map(encodeCanonical).join(',')}]`;
  const members = Object.keys(value)
    .sort(compareText)
    .map((name) => `${encodeText(name)}:${encodeCanonical(value[name] as CanonicalValue)}`);
  return `{${members.join(',')}}`;
}

const isArray = (value: CanonicalValue): value is readonly CanonicalValue[] => Array.isArray(value);
/** By UTF-16 code units, as RFC 8785 sorts. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function encodeText(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('A lone surrogate has no UTF-8 form');
  return JSON.stringify(text);
}
