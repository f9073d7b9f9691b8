/**
 * Output that cannot be written is no defect of ours. A reader that went away (`| head`) or a closed terminal ends the command quietly;
 * a full disk behind stdout is told on stderr and makes it fail. Progress that nobody can see is dropped.
 * @param onLost called when stdout takes nothing more
 */
export function watchOutput(onLost: () => void): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE' && code !== 'EIO') {
      process.exitCode = 1;
      process.stderr.write(`The output cannot be written (${code})\n`);
    }
    onLost();
  });
}
