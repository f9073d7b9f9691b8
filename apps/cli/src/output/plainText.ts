/** Control characters but for tabs and line feeds, and marks that reorder text or break lines. */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const asEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Text as it may go to a terminal: strangers write much of what we print (outputs, names, manifests, reasons), and none of it may move the
 * cursor, hide a line or change its colour. What is taken out stands as `\u001b`, which is also how JSON writes it.
 */
export function plainText(text: string): string {
  return text.replace(UNPRINTABLE, asEscape);
}

/** The same for text that must stay on its line. */
export function plainLine(text: string): string {
  return plainText(text).replace(/[\t\n]/g, asEscape);
}
