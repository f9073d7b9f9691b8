/**
 * Builds the site and prints its folder as one JSON line; a failure is told on stderr, in its first lines.
 * Run as a process of its own, so that the network is not held up by it.
 */
import { stripVTControlCharacters } from 'node:util';
import { buildSite } from './buildSite.ts';

/** Bundlers add stack traces of their own. */
const LINES = 12;

// Decides which React goes into the site; what the shell or a test runner says must not.
process.env['NODE_ENV'] = 'production';

try {
  const folder = await buildSite();
  process.stdout.write(`${JSON.stringify({ folder })}\n`);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${stripVTControlCharacters(message).split('\n').slice(0, LINES).join('\n')}\n`);
  process.exitCode = 1;
}
