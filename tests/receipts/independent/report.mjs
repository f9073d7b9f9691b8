/** @typedef {'rules' | 'signatures' | 'inclusion'} VerdictName */
/** @typedef {{ readonly verdict: VerdictName, readonly code: string, readonly message: string }} Finding */

/** Collects findings. A failure has a code of the specification; the codes of the other findings are `not-checked`, `stated` and `anchor-needed`. */
export class Report {
  constructor() {
    /** @type {Finding[]} */
    this.findings = [];
    /** @type {Set<VerdictName>} */
    this.failed = new Set();
    /** @type {Set<VerdictName>} */
    this.unchecked = new Set();
  }

  /**
   * @param {VerdictName} verdict
   * @param {string} code
   * @param {string} message
   */
  fail(verdict, code, message) {
    this.failed.add(verdict);
    this.findings.push({ verdict, code, message });
  }

  /**
   * @param {boolean} holds
   * @param {VerdictName} verdict
   * @param {string} code
   * @param {string} message
   */
  require(holds, verdict, code, message) {
    if (!holds) this.fail(verdict, code, message);
  }

  /**
   * Something that can only be asked of a chain.
   * @param {VerdictName} verdict
   * @param {string} message
   */
  skip(verdict, message) {
    this.unchecked.add(verdict);
    this.findings.push({ verdict, code: 'not-checked', message });
  }

  /**
   * @param {VerdictName} verdict
   * @param {'stated' | 'anchor-needed'} code
   * @param {string} message
   */
  note(verdict, code, message) {
    this.findings.push({ verdict, code, message });
  }
}
