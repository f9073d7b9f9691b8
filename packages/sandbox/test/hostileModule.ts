import { WASI_FUNCTION_NAMES, WASI_SURFACE } from '../src/wasi/surface.ts';
import { I64 } from '../src/wasm/valueTypes.ts';
import { generator } from './anyModule.ts';
import { encodeModule, leb, uleb } from './encodeModule.ts';

/** Numbers at which host functions tend to go wrong. */
const VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 64, 100, 1000, 2048, 65_528, 65_535, 65_536, 0x7fffffff, -1, -8];

/** Calls every host function many times with arguments that mix small numbers, memory edges and wild values. */
export function hostileModule(seed: number): Uint8Array {
  const random = generator(seed);
  const names = WASI_FUNCTION_NAMES.filter((name) => name !== 'proc_exit');
  const imports = names.map((name) => ({ name, ...(WASI_SURFACE.functions.get(name) ?? { params: [], results: [] }) }));
  const code: number[] = [];
  for (let i = 0; i < 150; i++) {
    const call = random(imports.length);
    for (const type of imports[call]?.params ?? []) {
      const value = random(4) === 0 ? random(2 ** 32) | 0 : (VALUES[random(VALUES.length)] as number);
      code.push(type === I64 ? 0x42 : 0x41, ...leb(value));
    }
    code.push(0x10, ...uleb(call), 0x1a);
  }
  const paths = new TextEncoder().encode('a\0..//.b/c../../etc/passwd./x');
  return encodeModule({ imports, functions: [{ code }], data: [...paths, ...Array.from({ length: 300 }, () => random(256))] });
}
