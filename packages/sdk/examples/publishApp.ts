// A developer registers a program and sells its runs: node publishApp.ts program.wasm
import { readFile } from 'node:fs/promises';
import { getAsset, listOpenOrders, publishApp } from '@gleaner/sdk';
import { openNetwork } from './openNetwork.ts';

const gleaner = await openNetwork('appOwner');
const bytes = await readFile(process.argv[2] ?? 'program.wasm');

// 0.5 RLC a run. The same bytes, name and owner are the same app, whoever repeats this.
const { app, orderHash } = await publishApp(gleaner, { bytes, name: 'best move', price: 500_000_000n, volume: 1_000n });

const { owner, checksum } = await getAsset(gleaner, 'app', app);
const offers = await listOpenOrders(gleaner, 'app', { app });
console.log(JSON.stringify({ app, orderHash, owner, checksum, offers: offers.length }));
gleaner.close();
