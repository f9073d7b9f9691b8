// JSON (RFC 8259) for hostile input: no recursion, memory bounded by the length of the text, members in a Map so that no name has a special meaning.

/**
 * Stands for every value that no member of a receipt may have: numbers, `true`, `false`, `null`, and containers beyond the bounds below.
 */
export const FOREIGN = Symbol('foreign');

/** @typedef {string | JsonArray | JsonObject | typeof FOREIGN} JsonValue */
/** @typedef {JsonValue[]} JsonArray */
/** @typedef {Map<string, JsonValue>} JsonObject */

// A receipt nests containers four deep.
const MAX_KEPT_DEPTH = 8;
// 64 MiB hold fewer than a million entries of `scores`, the smallest container a receipt may repeat.
const MAX_KEPT_CONTAINERS = 2_000_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

class NotJson extends Error {}

/**
 * @param {string} text
 * @returns {JsonValue | undefined} undefined when the text is not JSON; of repeated members the last counts, as in ECMAScript
 */
export function parseJson(text) {
  try {
    return new Parser(text).parse();
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

class Parser {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.containers = 0;
    /** Kind of each open container. @type {('{' | '[')[]} */
    this.open = [];
    /** The open containers that are kept, outermost first. @type {{ depth: number, value: JsonArray | JsonObject, name: string }[]} */
    this.kept = [];
  }

  /** @returns {JsonValue} */
  parse() {
    for (;;) {
      let value = this.beginValue();
      if (value === undefined) continue;
      do {
        if (this.open.length === 0) return this.finish(value);
        value = this.endElement(value);
      } while (value !== undefined);
    }
  }

  /**
   * @param {JsonValue} value
   * @returns {JsonValue}
   */
  finish(value) {
    this.skipSpace();
    if (this.at !== this.text.length) throw new NotJson();
    return value;
  }

  /** @returns {JsonValue | undefined} undefined when a container with elements was opened */
  beginValue() {
    this.skipSpace();
    const first = this.text[this.at];
    if (first === '"') return this.readString();
    if (first === '{' || first === '[') return this.beginContainer(first);
    for (const literal of ['true', 'false', 'null']) {
      if (!this.text.startsWith(literal, this.at)) continue;
      this.at += literal.length;
      return FOREIGN;
    }
    this.readNumber();
    return FOREIGN;
  }

  /**
   * @param {'{' | '['} kind
   * @returns {JsonValue | undefined}
   */
  beginContainer(kind) {
    this.at++;
    this.containers++;
    this.skipSpace();
    const kept = this.open.length < MAX_KEPT_DEPTH && this.containers <= MAX_KEPT_CONTAINERS;
    const value = kind === '{' ? new Map() : [];
    if (this.text[this.at] === (kind === '{' ? '}' : ']')) {
      this.at++;
      return kept ? value : FOREIGN;
    }
    this.open.push(kind);
    if (kept) this.kept.push({ depth: this.open.length, value, name: '' });
    if (kind === '{') this.readName();
    return undefined;
  }

  /** @returns {{ value: JsonArray | JsonObject, name: string } | undefined} the innermost open container, when it is kept */
  innermost() {
    const last = this.kept[this.kept.length - 1];
    return last?.depth === this.open.length ? last : undefined;
  }

  /**
   * Puts a value into the innermost container and reads what follows it.
   * @param {JsonValue} value
   * @returns {JsonValue | undefined} the container when this ended it
   */
  endElement(value) {
    const kind = this.open[this.open.length - 1];
    const frame = this.innermost();
    if (frame?.value instanceof Map) frame.value.set(frame.name, value);
    else frame?.value.push(value);
    this.skipSpace();
    const next = this.text[this.at++];
    if (next === ',') {
      if (kind === '{') this.readName();
      return undefined;
    }
    if (next !== (kind === '{' ? '}' : ']')) throw new NotJson();
    this.open.pop();
    if (frame) this.kept.pop();
    return frame ? frame.value : FOREIGN;
  }

  readName() {
    this.skipSpace();
    const name = this.readString();
    this.skipSpace();
    if (this.text[this.at++] !== ':') throw new NotJson();
    const frame = this.innermost();
    if (frame) frame.name = name;
  }

  /** @returns {string} */
  readString() {
    const start = this.at;
    if (this.text.charCodeAt(start) !== QUOTE) throw new NotJson();
    let escaped = false;
    for (this.at++; ; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === QUOTE) break;
      // NaN, the end of the text, is not at least a space either.
      if (!(code >= 0x20)) throw new NotJson();
      if (code !== BACKSLASH) continue;
      escaped = true;
      this.at++;
    }
    this.at++;
    return escaped ? unescapeToken(this.text.slice(start, this.at)) : this.text.slice(start + 1, this.at - 1);
  }

  readNumber() {
    if (this.text[this.at] === '-') this.at++;
    if (this.text[this.at] === '0') this.at++;
    else this.readDigits();
    if (this.text[this.at] === '.') {
      this.at++;
      this.readDigits();
    }
    if (this.text[this.at] !== 'e' && this.text[this.at] !== 'E') return;
    this.at++;
    if (this.text[this.at] === '+' || this.text[this.at] === '-') this.at++;
    this.readDigits();
  }

  readDigits() {
    const start = this.at;
    for (let code = this.text.charCodeAt(this.at); code >= 0x30 && code <= 0x39; code = this.text.charCodeAt(++this.at));
    if (this.at === start) throw new NotJson();
  }

  skipSpace() {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return;
      this.at++;
    }
  }
}

/**
 * @param {string} token a string with its quotes, without raw control characters
 * @returns {string}
 */
function unescapeToken(token) {
  try {
    return JSON.parse(token);
  } catch {
    throw new NotJson();
  }
}
