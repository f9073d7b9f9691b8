// The owner of data sells its use without giving it away: node sellDataset.ts <file> <app that may read it>
import { readFile } from 'node:fs/promises';
import { encryptDataset, hasSecret, publishDataset } from '@gleaner/sdk';
import { openNetwork } from './openNetwork.ts';

const gleaner = await openNetwork('datasetOwner');
const [file = 'data.txt', app = '0x'] = process.argv.slice(2) as [string, `0x${string}`];

// Keep `data` until this has ended: it holds the only key, and with it the call goes on where it was stopped.
const data = await encryptDataset(await readFile(file));
const { dataset, cid, orderHash } = await publishDataset(gleaner, {
  data,
  name: 'measurements',
  price: 100_000_000n,
  volume: 1_000n,
  // Anybody who may run a program of their own on it could read it.
  restrictTo: { app },
});

const isKeyKnown = await hasSecret(gleaner, { kind: 'dataset', dataset });
console.log(JSON.stringify({ dataset, cid, orderHash, isKeyKnown }));
gleaner.close();
