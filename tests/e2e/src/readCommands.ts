import { readFileSync } from 'node:fs';

/** A block of shell commands in a page of the documentation. */
export interface CommandBlock {
  readonly text: string;
  /** Marked `sh root`: only root may run it. */
  readonly asRoot: boolean;
}

/** The blocks marked `sh`, in the order of the page. */
export function readCommands(path: string): readonly CommandBlock[] {
  const blocks = readFileSync(path, 'utf8').matchAll(/^```sh( root)?\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, mark, text = '']) => ({ text, asRoot: mark !== undefined }));
}
