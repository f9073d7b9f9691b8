import { hubAbi } from '@gleaner/abi';
import type { OrderSet } from '../reads/readHub.ts';
import type { Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';
import { type Match, matchOf } from './matchOf.ts';
import { nameShortage } from './nameShortage.ts';

/**
 * Makes a deal; the requester pays from the escrow. Anybody may send it.
 * @throws {GleanerError} orders-incompatible, price-above-maximum, order-signature-invalid, order-consumed, resource-not-deployed,
 * category-unknown, balance-too-low (the requester), stake-too-low (the workerpool owner)
 */
export async function matchOrders(sender: Sender, orders: OrderSet, options: ActionOptions = {}): Promise<Match> {
  const { app, dataset, workerpool, request } = orders;
  const sent = sender.send({
    to: sender.chain.hubAddress,
    abi: hubAbi,
    functionName: 'matchOrders',
    args: [app, dataset, workerpool, request],
    ...options,
  });
  return matchOf(sender.chain, await sent.catch(nameShortage(sender.chain, orders, { payer: request.requester })));
}
