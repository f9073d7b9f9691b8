import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { archiveDigest } from '../src/index.ts';
import { readArchive } from '../src/results/readArchive.ts';
import { openArchive, readWhole, treeDigest } from '../src/results.ts';

const COMPUTED = Buffer.from('{"deterministic-output-path":"/iexec_out"}');
const archives = fc
  .dictionary(fc.stringMatching(/^(d[a-z]\/)?[a-zé]{1,4}[.]t$/), fc.nat(3_000), { minKeys: 1, maxKeys: 5 })
  .map((sizes) =>
    Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, size % 2 === 0 ? randomBytes(size) : Buffer.alloc(size)])),
  )
  .map((files) => zipSync({ ...files, 'computed.json': COMPUTED }));

it('browsers read the same files and find the same digest', async () => {
  await fc.assert(
    fc.asyncProperty(archives, async (archive) => {
      expect(await readBy(openArchive, archive)).toEqual(await readBy(readArchive, archive));
      expect(await treeDigest(openArchive(archive))).toEqual(await archiveDigest(archive));
    }),
    { numRuns: 40 },
  );
});

/**
 * One difference is left: where nothing but the end of a file's compressed data is damaged, its content is there and its checksum right.
 * Node refuses that, a stream cannot tell it from bytes behind the end.
 */
it('of a damaged archive browsers read what Node reads; what Node refuses they refuse too, or find unharmed', async () => {
  await fc.assert(
    fc.asyncProperty(archives, fc.nat(), fc.nat(255), async (archive, at, value) => {
      const bytes = Uint8Array.from(archive);
      bytes[at % bytes.length] = value;
      const [ours, expected] = [await outcome(readBy(openArchive, bytes)), await outcome(readBy(readArchive, bytes))];
      if (ours !== expected && expected === 'result-invalid') expect(ours).toEqual(await readBy(readArchive, archive));
      else expect(ours).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});

async function readBy(read: typeof readArchive, bytes: Uint8Array): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const file of read(bytes)) files[file.path] = await readWhole(file);
  return files;
}

const outcome = (work: Promise<unknown>) => work.catch((error: { code?: string }) => error.code ?? String(error));
