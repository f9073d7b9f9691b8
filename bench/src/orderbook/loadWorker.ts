import { Agent, request } from 'node:http';
import { parentPort } from 'node:worker_threads';
import type { HttpRequest, Load, LoadResult } from './Load.ts';

/** A thread that plays a load against a server and tells how long it took. */
parentPort?.on('message', async (load: Load) => parentPort?.postMessage(await play(load)));

async function play({ url, lanes }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes.length });
  const latenciesMs: number[] = [];
  const failures: string[] = [];
  const startMs = performance.now();
  await Promise.all(
    lanes.map(async (exchanges) => {
      for (const exchange of exchanges) {
        let sentMs = 0;
        for (const one of exchange) {
          sentMs = performance.now();
          const { status, text } = await send(url, agent, one);
          if (status !== 200) failures.push(`${one.method} ${one.path}: ${status} ${text.slice(0, 200)}`);
        }
        latenciesMs.push(performance.now() - sentMs);
      }
    }),
  );
  agent.destroy();
  return { seconds: (performance.now() - startMs) / 1000, latenciesMs, failures: failures.slice(0, 3), failed: failures.length };
}

function send(url: string, agent: Agent, { method, path, body, authorization }: HttpRequest): Promise<{ status: number; text: string }> {
  const headers = {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    ...(authorization === undefined ? {} : { authorization }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
