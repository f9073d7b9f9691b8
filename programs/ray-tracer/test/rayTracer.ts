import { inflateSync } from 'node:zlib';
import { openProgram } from '../../testing/openProgram.ts';

export const rayTracer = await openProgram('ray-tracer');

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, from the top left. */
  readonly pixels: Buffer;
}

/** Reads the PNG files that this program writes, and checks their chunks and sums as a strict reader does. */
export function readPng(file: Buffer): Picture {
  if (file.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n') throw new Error('not a PNG');
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < file.length; ) {
    const size = file.readUInt32BE(at);
    const body = file.subarray(at + 4, at + 8 + size);
    if (crc32(body) !== file.readUInt32BE(at + 8 + size)) throw new Error('wrong checksum of a chunk');
    chunks.push({ type: body.subarray(0, 4).toString('latin1'), data: body.subarray(4) });
    at += 12 + size;
  }
  const [header, data, end] = chunks;
  if (chunks.length !== 3 || header?.type !== 'IHDR' || data?.type !== 'IDAT' || end?.type !== 'IEND') throw new Error('unexpected chunks');
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  const rows = inflateSync(data.data); // checks the Adler-32 sum
  const step = width * 3 + 1;
  if (rows.length !== height * step) throw new Error('rows are missing');
  const pixels = Buffer.concat(Array.from({ length: height }, (_, row) => rows.subarray(row * step + 1, (row + 1) * step)));
  return { width, height, pixels };
}

/** CRC-32 of ISO 3309, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

export function renderScene(scene: string, args: readonly string[] = []): Picture {
  const { exitCode, stderr, files } = rayTracer.run(['--scene', 's', ...args], { inputs: { s: scene } });
  const image = files['image.png'];
  if (exitCode !== 0 || image === undefined) throw new Error(`ray-tracer ended with ${exitCode}: ${stderr}`);
  return readPng(image);
}

/** Red, green and blue of a pixel, 0 to 255. */
export function pixelAt({ width, pixels }: Picture, column: number, row: number): readonly number[] {
  const at = (row * width + column) * 3;
  return [...pixels.subarray(at, at + 3)];
}

/** Files that the tasks of a bag give, and the environment of the run that joins them. */
export function renderTiles(args: readonly string[], size: number, select: 'asked' | 'bag'): Record<string, Buffer> {
  const tiles: Record<string, Buffer> = {};
  for (let index = 0; index < size; index += 1) {
    const env: Record<string, string> =
      select === 'bag' ? { IEXEC_BOT_SIZE: `${size}`, IEXEC_BOT_FIRST_INDEX: '5', IEXEC_BOT_TASK_INDEX: `${5 + index}` } : {};
    const { files } = rayTracer.run(select === 'asked' ? [...args, '--tile', `${index}/${size}`] : args, { env });
    const tile = files['tile.ppm'] ?? files['image.png'];
    if (tile === undefined) throw new Error('no tile');
    tiles[`${index}`] = tile;
  }
  return tiles;
}
