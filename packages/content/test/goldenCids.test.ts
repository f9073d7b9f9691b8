import { describe, expect, it } from 'vitest';
import { assertContent, computeCid, createMemoryStore, type FolderEntry } from '../src/index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Ids that kubo gives; the folders are those of its own test suite (t0040-add-and-cat, t0260-sharding). */
describe('content ids equal those of kubo', () => {
  it.each([
    ['hello world\n', 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o', 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4'],
    ['', 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH', 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
    ['Hello Mars!\n', 'QmPrrHqJzto9m7SyiRzarwkqPcCSsKR2EB1AyqJfe8L8tN', 'bafkreibmlvvgdyihetgocpof6xk64kjjzdeq2e4c7hqs3krdheosk4tgj4'],
  ])('file %j', async (text, v0, v1) => {
    expect(await computeCid(bytes(text))).toBe(v0);
    expect(await computeCid(bytes(text), { cidVersion: 1 })).toBe(v1);
  });

  it('what is handed over is taken under its id of either version, and nothing else is', async () => {
    const [given, other] = [bytes('hello world\n'), bytes('hello worlds')];
    for (const cidVersion of [0, 1] as const) {
      const cid = await computeCid(given, { cidVersion });
      await assertContent(given, cid);
      await expect(assertContent(other, cid)).rejects.toMatchObject({ code: 'content-corrupt', details: { cid } });
    }
  });

  it('a file of several chunks: one MiB of zeros', async () => {
    expect(await computeCid(new Uint8Array(2 ** 20))).toBe('QmVkbauSDEaMP4Tkq6Epm9uW75mWm136n81YH8fGtfwdHU');
  });

  it('a file of two levels of links: 100 MiB of zeros', async () => {
    const piece = new Uint8Array(2 ** 20);
    const zeros = (function* () {
      for (let i = 0; i < 100; i += 1) yield piece;
    })();
    expect(await computeCid(zeros)).toBe('Qmca3PNFKuZnYkiVv1FpcV1AfDUm4qCSHoYjPTBqDAsyk8');
  });

  it('the size kubo reports counts the blocks', async () => {
    expect(await createMemoryStore().add(bytes('hello world\n'))).toMatchObject({ sizeBytes: 12, dagBytes: 20 });
  });

  it('the empty folder', async () => {
    expect(await rootOf([])).toBe('QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn');
  });

  it('a folder', async () => {
    const planets = [
      { path: 'mars.txt', content: bytes('Hello Mars!\n') },
      { path: 'venus.txt', content: bytes('Hello Venus!\n') },
    ];
    expect(await rootOf(planets)).toBe('QmWSgS32xQEcXMeqd3YPJLrNBLSdsfYCep2U7CFkyrjXwY');
    expect(await rootOf(planets, 1)).toBe('bafybeih7e5dmkyk25up5vxug4q3hrg2fxbzf23dfrac2fns5h7z4aa7ioi');
  });

  it('folders within a folder', async () => {
    const moons = [
      { path: 'jupiter/europa.txt', content: bytes('Hello Europa!\n') },
      { path: 'saturn/titan.txt', content: bytes('Hello Titan!\n') },
      { path: 'mercury.txt', content: bytes('hey youre no moon!\n') },
    ];
    const added = await createMemoryStore().addFolder(moons);
    expect(Object.fromEntries(added.map(({ path, cid }) => [path, cid]))).toEqual({
      'jupiter/europa.txt': 'Qmbjg7zWdqdMaK2BucPncJQDxiALExph5k3NkQv5RHpccu',
      jupiter: 'QmS5mZddhFPLWFX3w6FzAy9QxyYkaxvUpsWCtZ3r7jub9J',
      'saturn/titan.txt': 'QmZzppb9WHn552rmRqpPfgU5FEiHH6gDwi3MrB9cTdPwdb',
      saturn: 'QmaMagZT4rTE7Nonw8KGSK4oe1bh533yhZrCo1HihSG8FK',
      'mercury.txt': 'QmUJjVtnN8YEeYcS8VmUeWffTWhnMQAkk5DzZdKnPhqUdK',
      '': 'QmVKvomp91nMih5j6hYBA8KjbiaYvEetU2Q7KvtZkLe9nQ',
    });
  });

  it('a folder of two thousand files', async () => {
    const files = Array.from({ length: 2000 }, (_, i) => ({ path: `file${i + 1}`, content: bytes(`${i + 1}\n`) }));
    expect(await rootOf(files)).toBe('QmavrTrQG4VhoJmantURAYuw3bowq3E2WcvP36NRQDAC1N');
  });
});

async function rootOf(entries: FolderEntry[], cidVersion: 0 | 1 = 0): Promise<string | undefined> {
  return (await createMemoryStore().addFolder(entries, { cidVersion })).at(-1)?.cid;
}
