import { ORDER_OPERATION } from '@gleaner/protocol';
import type { GasOperation } from './GasOperation.ts';
import { PARTIES } from './parties.ts';

const { appOwner, datasetOwner, poolOwner, requester, newcomer, owner } = PARTIES;
const AMOUNT = 1_000_000_000n;

/** Assets, money and orders kept on chain. */
export const setUpOperations: readonly GasOperation[] = [
  { name: 'createApp, first of an owner', run: async (market) => (await market.createApp(newcomer, { salt: 1 })).gas },
  { name: 'createApp, next', reference: 547_602, run: async (market) => (await market.createApp(appOwner, { salt: 1 })).gas },
  {
    name: 'createApp, next, enclave',
    reference: 705_541,
    run: async (market) => (await market.createApp(appOwner, { salt: 1, tee: true })).gas,
  },
  { name: 'createDataset, first of an owner', run: async (market) => (await market.createDataset(newcomer, { salt: 1 })).gas },
  { name: 'createDataset, next', reference: 563_795, run: async (market) => (await market.createDataset(datasetOwner, { salt: 1 })).gas },
  { name: 'createWorkerpool, first of an owner', run: async (market) => (await market.createWorkerpool(newcomer, { salt: 1 })).gas },
  {
    name: 'createWorkerpool, next',
    reference: 515_135,
    run: async (market) => (await market.createWorkerpool(poolOwner, { salt: 1 })).gas,
  },
  {
    name: 'approve',
    reference: 46_073,
    async run(market) {
      await market.transfer(owner, newcomer.address, AMOUNT);
      return await market.approve(newcomer, AMOUNT);
    },
  },
  {
    name: 'deposit, first of an account',
    async run(market) {
      await market.transfer(owner, newcomer.address, 10n * AMOUNT);
      await market.approve(newcomer, 5n * AMOUNT);
      return await market.hub(newcomer, 'deposit', [AMOUNT]);
    },
  },
  { name: 'deposit, next', reference: 63_161, run: (market) => market.hub(requester, 'deposit', [AMOUNT]) },
  { name: 'approveAndCall', reference: 63_161, run: (market) => market.approveAndCall(requester, AMOUNT) },
  { name: 'withdraw', reference: 57_709, run: (market) => market.hub(requester, 'withdraw', [AMOUNT]) },
  { name: 'transfer of the token, known holder', reference: 34_683, run: (market) => market.transfer(owner, requester.address, AMOUNT) },
  { name: 'transfer of the token, new holder', reference: 51_819, run: (market) => market.transfer(owner, newcomer.address, AMOUNT) },
  {
    name: 'presign request order',
    reference: 73_352,
    async run(market) {
      const { request } = await market.signOrders();
      const order = { ...request, sign: '0x' as const };
      return await market.hub(requester, 'manageRequestOrder', [{ order, operation: ORDER_OPERATION.sign, sign: '0x' }]);
    },
  },
  {
    name: 'presign app order',
    reference: 85_617,
    async run(market) {
      const { app } = await market.signOrders({ fresh: true });
      const order = { ...app, sign: '0x' as const };
      return await market.hub(appOwner, 'manageAppOrder', [{ order, operation: ORDER_OPERATION.sign, sign: '0x' }]);
    },
  },
  {
    name: 'revoke request order',
    reference: 75_175,
    async run(market) {
      const { request } = await market.signOrders();
      return await market.hub(requester, 'manageRequestOrder', [{ order: request, operation: ORDER_OPERATION.close, sign: '0x' }]);
    },
  },
];
