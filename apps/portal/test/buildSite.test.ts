import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildSiteApart } from '../src/server/buildSiteApart.ts';

test('the site is built once, for production whatever the surroundings are, without names of this machine', async () => {
  const folder = await buildSiteApart().folder;
  expect(await buildSiteApart().folder).toBe(folder);
  const assets = await readdir(join(folder, 'assets'));
  const texts = await Promise.all(assets.map((name) => readFile(join(folder, 'assets', name), 'utf8')));
  const all = texts.join('\n');
  expect(all).not.toContain('React DevTools');
  expect(all).not.toContain(import.meta.dirname.replace('/apps/portal/test', ''));
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=/);
});

test('a build that is stopped says so', async () => {
  const build = buildSiteApart();
  build.stop();
  await expect(build.folder).rejects.toMatchObject({ code: 'aborted' });
});
