import { randomBytes } from 'node:crypto';
import { createMemoryStore } from '@gleaner/content';
import { describe, expect, it } from 'vitest';
import { openGateway } from './testGateway.ts';

const CHUNK = 262_144;

describe('importing CARs as to kubo', () => {
  it.each([0, 1] as const)('takes over what another gateway exports, byte for byte and pinned, version %i', async (cidVersion) => {
    const [from, to] = [await openGateway(), await openGateway()];
    const bytes = randomBytes(3 * CHUNK + 1);
    const { cid } = await from.content.add(bytes, { cidVersion });
    const car = new Uint8Array(await (await fetch(`${from.url}/ipfs/${cid}?format=car`)).arrayBuffer());
    const response = await importCars(to.url, [car]);
    expect([response.status, await response.text()]).toEqual([200, `{"Root":{"Cid":{"/":"${cid}"},"PinErrorMsg":""}}\n`]);
    expect(await to.content.isPinned(cid)).toBe(true);
    const back = await fetch(`${to.url}/ipfs/${cid}`, { headers: { range: `bytes=${CHUNK - 1}-` } });
    expect(Buffer.compare(Buffer.from(await back.arrayBuffer()), bytes.subarray(CHUNK - 1))).toBe(0);
  });

  it('pins only when asked, and takes several at once', async () => {
    const { url, content } = await openGateway();
    const cars = [await carOf(randomBytes(10)), await carOf(randomBytes(20))];
    const response = await importCars(url, cars, '?pin-roots=false');
    expect((await response.text()).trim().split('\n')).toHaveLength(2);
    expect(await content.pins()).toEqual([]);
  });

  it('refuses a block that does not hash to its id, a part of the content, other bytes, none and too many', async () => {
    const { url, content } = await openGateway({ limits: { maxAddBytes: 1_000_000 } });
    const car = await carOf(randomBytes(2 * CHUNK));
    const flipped = car.with(car.length - 10, (car.at(-10) ?? 0) ^ 1);
    const cases = [
      [[flipped], 400, 'content-corrupt'],
      [[car.subarray(0, car.length - CHUNK - 52)], 400, expect.stringMatching(/^(bad-request|content-not-found)$/)],
      [[new Uint8Array(randomBytes(100))], 400, 'bad-request'],
      [[], 400, 'bad-request'],
      [[await carOf(randomBytes(1_100_000))], 413, 'content-too-large'],
      [[car, await carOf(randomBytes(600_000))], 413, 'content-too-large'],
    ] as const;
    for (const [cars, status, code] of cases) {
      const response = await importCars(url, cars);
      expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ ok: false, code })]);
    }
    expect((await content.pins()).length).toBeLessThanOrEqual(1);
    const foreign = await fetch(`${url}/api/v0/dag/import`, {
      method: 'POST',
      body: formOf([car]),
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
  });
});

async function carOf(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const store = createMemoryStore();
  const pieces: Uint8Array[] = [];
  for await (const piece of store.exportCar((await store.add(bytes)).cid)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

function formOf(cars: readonly Uint8Array[]): FormData {
  const form = new FormData();
  for (const car of cars) form.append('file', new Blob([car as Uint8Array<ArrayBuffer>]), 'content.car');
  return form;
}

function importCars(url: string, cars: readonly Uint8Array[], query = ''): Promise<Response> {
  return fetch(`${url}/api/v0/dag/import${query}`, { method: 'POST', body: formOf(cars) });
}
