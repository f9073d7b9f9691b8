// The operator of a pool offers its work: node offerPool.ts
import { cancelOrder, deposit, getAccount, getOrder, publishOffer, registerWorkerpool, withdraw, withdrawOrder } from '@gleaner/sdk';
import { openNetwork } from './openNetwork.ts';

// Any account can run a pool; this one has some RLC.
const gleaner = await openNetwork('appOwner');
const { workerpool } = await registerWorkerpool(gleaner, { description: 'two machines in a cellar' });

// 2 RLC a task; 30 % of it is at stake for each task that is under way.
const price = 2_000_000_000n;
await deposit(gleaner, { amount: (price * 3n * 10n) / 10n });
const { orderHash } = await publishOffer(gleaner, { workerpool, category: 0n, trust: 1n, price, volume: 10n });

// Out of the book: nobody finds it any more. Closed on chain: whoever kept it cannot use it either.
const { order, status } = await getOrder(gleaner, 'workerpool', orderHash);
await withdrawOrder(gleaner, 'workerpool', orderHash);
await cancelOrder(gleaner, 'workerpool', order);

const address = gleaner.address as `0x${string}`;
const { escrowFree } = await getAccount(gleaner, address);
await withdraw(gleaner, { amount: escrowFree });
const after = await getAccount(gleaner, address);
console.log(JSON.stringify({ workerpool, orderHash, status, escrowFree: `${after.escrowFree}` }));
gleaner.close();
