import { parentPort, workerData } from 'node:worker_threads';
import { issueOf, meter } from '../checkProgram.ts';
import type { MeterReply, MeterRequest } from './MeterCache.ts';

/** Meters one module away from the event loop. */
function main(): void {
  const { program, params } = workerData as MeterRequest;
  parentPort?.postMessage(reply(program, params));
}

function reply(program: Uint8Array, params: MeterRequest['params']): MeterReply {
  try {
    return { metered: meter(program, params) };
  } catch (error) {
    return { issue: issueOf(error) };
  }
}

main();
