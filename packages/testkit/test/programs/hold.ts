import { startBareChain, startTestPostgres } from '../../src/index.ts';

/** Holds a chain and a database until it is killed, and says where they are. */
const [chain, postgres] = await Promise.all([startBareChain(), startTestPostgres()]);
console.log(JSON.stringify({ folder: chain.dataDir, chain: chain.rpcUrl, postgres: postgres.url }));
setInterval(() => undefined, 1000);
