/** Builds the site and prints its folder as one JSON line. Run as a process of its own, so that the network is not held up by it. */
import { buildSite } from './buildSite.ts';

// Decides which React goes into the site; what the shell or a test runner says must not.
process.env['NODE_ENV'] = 'production';

const folder = await buildSite();
process.stdout.write(`${JSON.stringify({ folder })}\n`);
