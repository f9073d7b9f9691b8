import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Address } from '@gleaner/primitives';
import { joinArgs, type RequestParams } from '@gleaner/protocol';
import { type MatchedRun, matchRun, quoteRun, registerProgram, signAppOrder } from '@gleaner/sdk';
import type { TestNetwork } from './startTestNetwork.ts';

export interface DealTerms {
  readonly args: readonly string[];
  readonly tasks?: number;
  readonly trust?: bigint;
  readonly category?: bigint;
  /** Beyond the arguments. */
  readonly params?: RequestParams;
}

/** Makes a deal as the requester, without following it: the program is registered as the requester's own and costs nothing beside the pool. */
export async function startDeal(net: TestNetwork, { program, ...terms }: DealTerms & { readonly program: string }): Promise<MatchedRun> {
  const { app } = await registerProgram(net.as('requester'), { bytes: await readFile(program), name: basename(program) });
  return dealOfApp(net, app, terms);
}

/** As `startDeal`, for an app that the requester has registered. */
export async function dealOfApp(net: TestNetwork, app: Address, terms: DealTerms): Promise<MatchedRun> {
  const { args, tasks = 1, trust = 5n, category = 0n, params = {} } = terms;
  const gleaner = net.as('requester');
  const appOrder = await signAppOrder(gleaner, { app, price: 0n, volume: BigInt(tasks) });
  const quote = await quoteRun(gleaner, { tasks: BigInt(tasks), trust, category });
  return matchRun(gleaner, { quote, appOrder, params: { iexec_args: joinArgs(args), ...params } });
}
