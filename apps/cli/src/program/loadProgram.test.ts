import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadProgram } from './loadProgram.ts';

const GO_MOVE = join(import.meta.dirname, '../../../../programs/go-move');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gleaner-load-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the folder of a program', () => {
  test('may hold links to nothing among its sources, as editors leave them', async () => {
    const { module: _, ...manifest } = JSON.parse(readFileSync(join(GO_MOVE, 'manifest.json'), 'utf8')) as { module: unknown };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    copyFileSync(join(GO_MOVE, 'go-move.wasm'), join(folder, 'go-move.wasm'));
    mkdirSync(join(folder, 'src'));
    symlinkSync('user@host.1234', join(folder, 'src', '.#main.c'));
    const { name, remark } = await loadProgram(folder);
    expect({ name, remark }).toEqual({ name: 'go-move', remark: undefined });
  });
});
