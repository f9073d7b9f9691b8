/**
 * JSON for a `jsonb` parameter. Bigints become decimal strings.
 * PostgreSQL text holds neither U+0000 nor half a surrogate pair, and both can come from strangers: they become U+FFFD.
 */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return item.toString();
    return typeof item === 'string' ? cleanText(item) : item;
  });
}

/** Text as PostgreSQL can hold it; what it cannot becomes U+FFFD. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
