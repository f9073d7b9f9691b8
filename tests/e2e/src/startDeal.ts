import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type AppOrder, joinArgs, type RequestParams, type Signed } from '@gleaner/protocol';
import { type Gleaner, type MatchedRun, matchRun, quoteRun, registerProgram, signAppOrder } from '@gleaner/sdk';
import type { TestNetwork } from './startTestNetwork.ts';

export interface DealRequest {
  /** Path of the module. */
  readonly program: string;
  readonly args: readonly string[];
  readonly tasks?: number;
  readonly trust?: bigint;
  readonly category?: bigint;
  /** Beyond the arguments. */
  readonly params?: RequestParams;
}

/** Makes a deal as the requester, without following it: the program is registered as the requester's own, at price 0. */
export async function startDeal(net: TestNetwork, request: DealRequest): Promise<MatchedRun> {
  const { program, args, tasks = 1, trust = 5n, category = 0n, params = {} } = request;
  const gleaner = net.as('requester');
  const appOrder = await offerProgram(gleaner, program, BigInt(tasks));
  const quote = await quoteRun(gleaner, { tasks: BigInt(tasks), trust, category });
  return matchRun(gleaner, { quote, appOrder, params: { iexec_args: joinArgs(args), ...params } });
}

async function offerProgram(gleaner: Gleaner, program: string, volume: bigint): Promise<Signed<AppOrder>> {
  const { app } = await registerProgram(gleaner, { bytes: await readFile(program), name: basename(program) });
  return signAppOrder(gleaner, { app, price: 0n, volume });
}
