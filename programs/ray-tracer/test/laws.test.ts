import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pixelAt, rayTracer, readPng, renderScene, renderTiles } from './rayTracer.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;
const SMALL = ['--width', '24', '--height', '14', '--samples', '2'];

describe('ray-tracer cuts an image into tiles', () => {
  it('that put together are the whole image, byte for byte', () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 1, max: 30 }),
          height: fc.integer({ min: 1, max: 20 }),
          size: fc.integer({ min: 2, max: 6 }),
        }),
        fc.nat(0xffffffff),
        fc.constantFrom('asked' as const, 'bag' as const),
        ({ width, height, size }, seed, select) => {
          const args = [`--width=${width}`, `--height=${height}`, `--seed=${seed}`];
          const inputs = renderTiles(args, size, select);
          const joined = rayTracer.run(['--join'], { inputs, env: { IEXEC_BOT_SIZE: `${size}` } });
          expect(joined).toMatchObject({ exitCode: 0, stderr: '' });
          expect(joined.files).toEqual(rayTracer.run(args).files);
        },
      ),
      { numRuns: DEEP ? 200 : 6 },
    );
  });

  it('and an explicit tile wins over the place in a bag', () => {
    const env = { IEXEC_BOT_SIZE: '3', IEXEC_BOT_FIRST_INDEX: '0', IEXEC_BOT_TASK_INDEX: '2' };
    expect(rayTracer.run([...SMALL, '--tile', '1/4'], { env })).toEqual(rayTracer.run([...SMALL, '--tile', '1/4']));
    expect(rayTracer.run(SMALL, { env })).toEqual(rayTracer.run([...SMALL, '--tile', '2/3']));
  });

  it('but joins only a full set of them', () => {
    const tiles = renderTiles(SMALL, 3, 'asked');
    const join = (inputs: Record<string, Buffer>, size = '3') => rayTracer.run(['--join'], { inputs, env: { IEXEC_BOT_SIZE: size } });
    const one = tiles['1'] ?? Buffer.alloc(0);
    expect(join(tiles).exitCode).toBe(0);
    expect(join({ ...tiles, 2: one }).stderr).toContain('input 2 is tile 1/3, not 2/3');
    expect(join(tiles, '2').stderr).toContain('input 0 is tile 0/3, not 0/2');
    expect(join(tiles, '4').stderr).toContain('input 0 is tile 0/3, not 0/4');
    expect(join({ ...tiles, 1: one.subarray(0, -1) }).stderr).toContain('input 1 is not a whole tile');
    expect(join({ ...tiles, 1: Buffer.concat([one, one]) }).stderr).toContain('input 1 is not a whole tile');
    expect(join({ ...tiles, 1: Buffer.from('P6\n1 1\n255\n') }).stderr).toContain('input 1 is not a tile');
    const other = renderTiles(['--width', '24', '--height', '15'], 3, 'asked');
    expect(join({ ...tiles, 1: other['1'] ?? one }).stderr).toContain('input 1 is of another image than input 0');
    expect(rayTracer.run(['--join'], { inputs: tiles }).stderr).toContain('IEXEC_BOT_SIZE must say how many parts there are');
  });
});

describe('ray-tracer sees', () => {
  /** A sphere of radius 1 at distance 5 of a camera whose view is a square of 90 degrees, without light but the ambient one. */
  const sphere = 'camera 0 0 -5 0 0 0 90\nsky 0 0 0 0 0 0\nambient 1 1 1\nmaterial m 1 0.5 0.25\nsphere m 0 0 0 1\n';
  const square = ['--width', '101', '--height', '101', '--samples', '1'];

  it('a sphere as the disk that geometry says', () => {
    const picture = renderScene(sphere, square);
    // The cone that touches the sphere has sine 1/5, so its tangent, in a picture that reaches from -1 to 1, is 1/√24.
    const radius = (50.5 * 1) / Math.sqrt(24);
    for (let row = 0; row < 101; row += 1) {
      for (let column = 0; column < 101; column += 1) {
        const distance = Math.hypot(column - 50, row - 50);
        if (Math.abs(distance - radius) < 1e-6) continue;
        expect(pixelAt(picture, column, row)).toEqual(distance < radius ? [255, 188, 137] : [0, 0, 0]);
      }
    }
  });

  it('the same from behind a transparent pane that bends nothing, dimmed', () => {
    const pane = 'material pane 1 1 1 transmit 1 1\nbox pane -9 -9 -2.5 9 9 -2.4\n';
    expect(renderScene(sphere + pane, square)).toEqual(renderScene(sphere, square));
    const dim = 'material pane 1 1 1 transmit 0.5 1\nbox pane -9 -9 -2.5 9 9 -2.4\n';
    const ambientless = sphere.replace('ambient 1 1 1', 'ambient 0 0 0').replace('sphere m', 'light 0 0 -5 1 1 1\nsphere m');
    expect(pixelAt(renderScene(ambientless + dim, square), 50, 50)[0]).toBeLessThan(
      pixelAt(renderScene(ambientless, square), 50, 50)[0] ?? 0,
    );
  });

  it('in a mirror what stands before it, sides exchanged', () => {
    const scene = (extra: string) => `camera 0 0 -5 0 0 0 60\nsky 0 0 0 0 0 0\nambient 1 1 1\nmaterial m 1 1 1\n${extra}`;
    // A plane mirror at z = 0 shows the sphere at (1, 0, -3) where a sphere at (1, 0, 3) would stand.
    const args = ['--width', '80', '--height', '60', '--samples', '1', '--depth', '1'];
    const mirrored = renderScene(scene('material mirror 1 1 1 reflect 1\nplane mirror 0 0 -1 0\nsphere m 3 0 -6 1\n'), args);
    const behind = renderScene(scene('sphere m 3 0 6 1\n'), args);
    expect(mirrored).toEqual(behind);
  });

  it('shadow where a light does not reach, and through glass', () => {
    const scene = (material: string) =>
      `camera 0 5 -5 0 0 0 60\nsky 0 0 0 0 0 0\nambient 0 0 0\nlight 0 4 0 1 1 1\nmaterial floor 1 1 1\nmaterial m ${material}\nplane floor 0 1 0 0\nbox m -0.5 1 -0.5 0.5 1.2 0.5\n`;
    const at = (material: string) => pixelAt(renderScene(scene(material), ['--width', '41', '--height', '41', '--samples', '1']), 20, 22);
    expect(at('1 1 1')).toEqual([0, 0, 0]);
    expect(at('1 1 1 transmit 1 1')[0]).toBeGreaterThan(100);
  });

  it('a light straight above a floor brightest below it, and evenly around', () => {
    const scene =
      'camera 0 10 0 0 0 0 60 up 0 0 1\nsky 0 0 0 0 0 0\nambient 0 0 0\nlight 0 3 0 0.9 0.9 0.9\nmaterial f 1 1 1\nplane f 0 1 0 0\n';
    const picture = renderScene(scene, ['--width', '51', '--height', '51', '--samples', '1']);
    const across = Array.from({ length: 51 }, (_, column) => pixelAt(picture, column, 25)[0] ?? 0);
    expect(across[25]).toBe(Math.max(...across));
    expect(across).toEqual([...across].reverse());
    for (let i = 26; i < 51; i += 1) expect(across[i]).toBeLessThanOrEqual(across[i - 1] ?? 0);
  });

  it('a checkered floor in two colours by whole cubes', () => {
    const scene = 'camera 0 10 0 0 0 0 60 up 0 0 1\nsky 0 0 0 0 0 0\nambient 1 1 1\nmaterial f 1 1 1 checker 0 0 0 2\nplane f 0 1 0 0\n';
    const picture = renderScene(scene, ['--width', '60', '--height', '60', '--samples', '1']);
    const extent = 20 * Math.tan(Math.PI / 6);
    for (let row = 0; row < 60; row += 7) {
      for (let column = 0; column < 60; column += 7) {
        const x = extent * ((column + 0.5) / 60 - 0.5);
        const z = extent * (0.5 - (row + 0.5) / 60);
        const even = (Math.abs(Math.floor(x / 2)) + Math.abs(Math.floor(z / 2))) % 2 === 0;
        expect(pixelAt(picture, column, row)[0]).toBe(even ? 255 : 0);
      }
    }
  });

  it('other noise with another seed, and less of it with more samples', () => {
    const picture = (...args: string[]) =>
      readPng(rayTracer.run([...SMALL.slice(0, 4), ...args]).files['image.png'] ?? Buffer.alloc(0)).pixels;
    const best = picture('--samples=64', '--seed=9');
    const error = (pixels: Buffer) => pixels.reduce((sum, value, i) => sum + (value - (best[i] ?? 0)) ** 2, 0);
    expect(picture('--samples=2', '--seed=2').equals(picture('--samples=2', '--seed=3'))).toBe(false);
    expect(error(picture('--samples=32'))).toBeLessThan(error(picture('--samples=1')) / 3);
  });
});
