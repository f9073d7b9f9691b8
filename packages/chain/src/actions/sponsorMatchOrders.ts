import { hubAbi } from '@gleaner/abi';
import type { OrderSet } from '../reads/readHub.ts';
import type { Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';
import { type Match, matchOf } from './matchOf.ts';
import { nameShortage } from './nameShortage.ts';

/** Makes a deal that the sender pays for. Fails as `matchOrders`. */
export async function sponsorMatchOrders(sender: Sender, orders: OrderSet, options: ActionOptions = {}): Promise<Match> {
  const { app, dataset, workerpool, request } = orders;
  const sent = sender.send({
    to: sender.chain.hubAddress,
    abi: hubAbi,
    functionName: 'sponsorMatchOrders',
    args: [app, dataset, workerpool, request],
    ...options,
  });
  return matchOf(sender.chain, await sent.catch(nameShortage(sender.chain, orders, { payer: sender.address })));
}
