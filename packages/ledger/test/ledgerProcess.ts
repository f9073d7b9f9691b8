import { createChain } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import { openStore } from '@gleaner/store';
import { startLedger } from '../src/index.ts';

/** A ledger in a process of its own, to be killed: `node ledgerProcess.ts <databaseUrl> <rpcUrl> <hubAddress>`; prints its state whenever that changes. */
const [url = '', rpcUrl = '', hubAddress] = process.argv.slice(2);
const store = await openStore({ url });
const ledger = startLedger({
  chain: createChain({ rpcUrl, hubAddress: hubAddress as Address }),
  store,
  log: { info: () => {}, warn: () => {} },
});
let last = '';
setInterval(() => {
  const state = ledger.state();
  if (state !== last) console.log(state);
  last = state;
}, 20);
