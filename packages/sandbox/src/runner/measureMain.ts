/**
 * Measures two modules once each, in its own process: `measureMain.js <plain.wasm> <metered.wasm> <folder of inputs> <args…>`.
 * Both must end by themselves with the same exit code.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { RunEnd } from '../wasi/RunEnd.ts';
import { createWasiHost, type WasiOptions } from '../wasi/wasiHost.ts';
import { execute } from './execute.ts';

const FUEL = 2n ** 62n;
const [plainFile = '', meteredFile = '', inputFolder = '', ...args] = process.argv.slice(2);
const options: WasiOptions = {
  args: ['program', ...args],
  env: {},
  seed: new Uint8Array(32),
  outputBytes: 2 ** 28,
  outputFiles: 10_000,
  stdioBytes: 2 ** 26,
};

const inputs = readdirSync(inputFolder).map((name) => ({ name, content: readFileSync(`${inputFolder}/${name}`) }));
const plain = new WebAssembly.Module(readFileSync(plainFile));
const metered = new WebAssembly.Module(readFileSync(meteredFile));
let plainExit = 0;
const plainMs = cpuMs(() => {
  plainExit = runPlain(plain);
});
let fuelUsed = 0n;
const meteredMs = cpuMs(() => {
  const result = execute(metered, { ...options, fuel: FUEL, stackBytes: 2 ** 22, inputs });
  if (result.end.kind !== 'exit' || result.end.exitCode !== plainExit)
    throw new Error(`the metered program ended with ${JSON.stringify(result.end)}`);
  fuelUsed = result.fuelUsed;
});
console.log(JSON.stringify({ plainMs, meteredMs, fuelUsed: fuelUsed.toString() }));

/** Processor time of an action in milliseconds, compilation included. */
function cpuMs(action: () => void): number {
  const { user, system } = process.cpuUsage();
  action();
  const spent = process.cpuUsage({ user, system });
  return (spent.user + spent.system) / 1000;
}

/** The module as it is, with the same host functions and no meter. Gives its exit code. */
function runPlain(module: WebAssembly.Module): number {
  const host = createWasiHost(options);
  for (const { name, content } of inputs) host.tree.addInput(name, content);
  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: host.imports });
  host.bind(exports['memory'] as WebAssembly.Memory, { used: () => 0n, charge: () => {} });
  try {
    (exports['_start'] as () => void)();
    return 0;
  } catch (error) {
    if (error instanceof RunEnd && error.reason.kind === 'exit') return error.reason.exitCode;
    throw error;
  }
}
