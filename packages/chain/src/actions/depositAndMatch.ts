import { hubAbi, tokenAbi } from '@gleaner/abi';
import { encodeFunctionData } from 'viem';
import { type OrderSet, readHub } from '../reads/readHub.ts';
import type { Sender } from '../sender/createSender.ts';
import type { ActionOptions } from './ActionOptions.ts';
import type { DepositInput } from './deposit.ts';
import { type Match, matchOf } from './matchOf.ts';
import { nameShortage } from './nameShortage.ts';

export interface DepositAndMatchInput extends DepositInput {
  readonly orders: OrderSet;
}

/**
 * Deposits and makes the deal in one transaction: both happen or neither. The sender is the requester.
 * @throws {GleanerError} as `matchOrders`; balance-too-low too when the wallet lacks the deposit
 */
export async function depositAndMatch(sender: Sender, input: DepositAndMatchInput, options: ActionOptions = {}): Promise<Match> {
  const { chain } = sender;
  const { amount, orders } = input;
  const { app, dataset, workerpool, request } = orders;
  const to = input.token ?? (await readHub(chain).addresses()).token;
  const data = encodeFunctionData({ abi: hubAbi, functionName: 'matchOrders', args: [app, dataset, workerpool, request] });
  const sent = sender.send({ to, abi: tokenAbi, functionName: 'approveAndCall', args: [chain.hubAddress, amount, data], ...options });
  return matchOf(chain, await sent.catch(nameShortage(chain, orders, { payer: sender.address, deposit: { token: to, amount } })));
}
