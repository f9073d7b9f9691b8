import { poolStake } from '../classic/stakes.ts';
import { checkedAdd, checkedMul } from '../uint256.ts';
import { hasDataset, type MatchView } from './MatchView.ts';

type PricedOrders = Pick<MatchView, 'appOrder' | 'datasetOrder' | 'workerpoolOrder'>;

/** nRLC the payer spends for one task: app, dataset (0 for the null order) and workerpool price. */
export function taskPrice(orders: PricedOrders): bigint {
  const datasetPrice = hasDataset(orders) ? orders.datasetOrder.datasetprice : 0n;
  return checkedAdd(checkedAdd(orders.appOrder.appprice, datasetPrice), orders.workerpoolOrder.workerpoolprice);
}

/**
 * What a match of `volume` tasks locks, in nRLC; the stake is rounded down per task before it is multiplied.
 * Both are computed when read, each with its own overflow.
 * @throws {SolidityPanic} 0x11 above 2^256 − 1
 */
export function matchAmounts(orders: PricedOrders, volume: bigint): { readonly price: bigint; readonly stake: bigint } {
  return {
    get price() {
      return checkedMul(taskPrice(orders), volume);
    },
    get stake() {
      return checkedMul(poolStake(orders.workerpoolOrder.workerpoolprice), volume);
    },
  };
}
