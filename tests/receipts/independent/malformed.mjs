/**
 * @typedef {'too-large' | 'not-json' | 'unknown-version' | 'bad-member' | 'not-canonical' | 'integrity' | 'bad-position' | 'bad-encoding'} MalformedCode
 * Codes of section 3.
 */

/** The file is no receipt at all; caught once, in `verify`. */
export class Malformed extends Error {
  /**
   * @param {MalformedCode} code
   * @param {string} message
   */
  constructor(code, message) {
    super(`${code}: ${message}`);
    this.name = 'Malformed';
    this.code = code;
  }
}
