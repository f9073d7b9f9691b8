/**
 * The enclave process. Usage: enclaveMain --measure, which prints what its code is (`Measured`), or enclaveMain <root file> <scratch folder>,
 * which serves one task over standard input and output. It takes nothing from the environment and opens no socket.
 */
import { measureLoaded } from './inside/measureLoaded.ts';

const measure = measureLoaded();
// Loaded now, so that it is measured.
const { serveTask } = await import('./inside/serveTask.ts');

const [first = '', scratch = ''] = process.argv.slice(2);
if (first === '--measure') process.stdout.write(`${JSON.stringify(measure())}\n`);
else await serve();

async function serve(): Promise<void> {
  process.stdin.once('end', () => process.exit(0));
  try {
    await serveTask({ code: measure().code, rootPath: first, scratch });
    process.exit(0);
  } catch (error) {
    // A typed failure says its code alone; anything else would be a defect, whose words might carry what is secret.
    process.stderr.write(`${(error as { code?: string }).code ?? 'internal-error'}\n`);
    process.exit(1);
  }
}
