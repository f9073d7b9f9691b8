import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A part that serves its environment, as far as tests look at it, and ends in order. */
const server = createServer((_, response) => {
  const { GLEANER_NETWORK, GLEANER_HUB, GLEANER_KEY_FILE, GLEANER_DATA, GLEANER_WORKER_MISBEHAVE, DATABASE_URL, AWS_SECRET_ACCESS_KEY } =
    process.env;
  const seen = {
    GLEANER_NETWORK,
    GLEANER_HUB,
    GLEANER_KEY_FILE,
    GLEANER_DATA,
    GLEANER_WORKER_MISBEHAVE,
    DATABASE_URL,
    AWS_SECRET_ACCESS_KEY,
  };
  response.end(JSON.stringify({ pid: process.pid, ...seen }));
});
server.listen(Number(process.env['GLEANER_PORT'] ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ ready: true, url: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
