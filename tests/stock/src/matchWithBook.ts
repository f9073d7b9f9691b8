import type { Network } from '@gleaner/localnet';
import type { IExec } from 'iexec';
import type { Newcomer } from './newcomer.ts';

type RequestFields = Omit<Parameters<IExec['order']['createRequestorder']>[0], 'category' | 'workerpoolmaxprice'>;

/** Takes the cheapest offers of the books, as the client's documentation does: of the app, of the network's pool and of the data set, if any. */
export async function matchWithBook({ iexec, address }: Newcomer, network: Network, fields: RequestFields) {
  const { orderbook, order } = iexec;
  const { app, dataset } = fields;
  const minTag = ['tee', 'tdx'] as ['tee', 'tdx'];
  const pools = await orderbook.fetchWorkerpoolOrderbook({ workerpool: network.workerpool ?? '', minTag, requester: address, category: 0 });
  const [pool] = pools.orders;
  const [offer] = (await orderbook.fetchAppOrderbook({ app, minTag })).orders;
  if (pool === undefined || offer === undefined) throw new Error('The books are empty');
  const data = dataset === undefined ? [] : (await orderbook.fetchDatasetOrderbook({ dataset })).orders;
  const { category, workerpoolprice } = pool.order;
  const draft = await order.createRequestorder({ category, workerpoolmaxprice: workerpoolprice, ...fields });
  return order.matchOrders({
    apporder: offer.order,
    workerpoolorder: pool.order,
    requestorder: await order.signRequestorder(draft),
    ...(data[0] === undefined ? {} : { datasetorder: data[0].order }),
  });
}
