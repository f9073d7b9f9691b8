import { Agent, request } from 'node:http';

/** One connection that stays open; `fetch` costs as much as the node does. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const TIMEOUT_MS = 60_000;

/** Posts a value and reads the answer, both as JSON. @throws {Error} without a connection, or when it takes a minute */
export function postJson(url: string, value: unknown): Promise<unknown> {
  const body = JSON.stringify(value);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers, timeout: TIMEOUT_MS }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(parts).toString())));
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`No answer from ${url} within ${TIMEOUT_MS / 1000} s`)));
    sent.on('error', reject);
    sent.end(body);
  });
}
