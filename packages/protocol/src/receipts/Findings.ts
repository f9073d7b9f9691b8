/** One thing that is wrong with a receipt. */
export interface Finding<Code extends string = string> {
  readonly code: Code;
  /** What was found and what would be right, one sentence. */
  readonly message: string;
}

/** Collects what one part of a verification finds. */
export class Findings<Code extends string> {
  readonly #issues: Finding<Code>[] = [];
  readonly #unchecked = new Set<string>();

  /** Notes an issue unless the condition holds; gives the condition. */
  expect(code: Code, holds: boolean, message: string): boolean {
    if (!holds) this.#issues.push({ code, message });
    return holds;
  }

  /** Notes something that only a chain could tell. */
  leave(what: string): void {
    this.#unchecked.add(what);
  }

  get issues(): readonly Finding<Code>[] {
    return this.#issues;
  }

  get unchecked(): readonly string[] {
    return [...this.#unchecked];
  }
}
