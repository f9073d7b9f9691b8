/** `npm run check`: format, lint, types, layering, unused code, licences. No network, no services. */
import { runChecks } from './checks.ts';

const { passed, failed } = await runChecks();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
