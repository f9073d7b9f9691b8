import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeDevelopmentRoot } from '@gleaner/attestation';
import { expect, onTestFinished, test } from 'vitest';
import { openDevAttestation } from '../src/index.ts';

test('the root is made once, for its owner alone, also by many at once; a file that others may read, or that is no root, is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-root-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'enclave', 'root.json');
  const opened = await Promise.all([1, 2].map(() => openDevAttestation(path)));
  for (const { kinds } of opened) expect(kinds).toEqual(['dev-insecure']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const root = await readFile(path, 'utf8');
  expect(decodeDevelopmentRoot(root)).toMatchObject({ crv: 'P-256' });
  await openDevAttestation(path);
  expect(await readFile(path, 'utf8')).toBe(root);
  await writeFile(join(folder, 'open.json'), root, { mode: 0o644 });
  await writeFile(join(folder, 'empty.json'), '', { mode: 0o600 });
  for (const name of ['open.json', 'empty.json']) {
    await expect(openDevAttestation(join(folder, name))).rejects.toMatchObject({ code: 'key-invalid' });
  }
});
