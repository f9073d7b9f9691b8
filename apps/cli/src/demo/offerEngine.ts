import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listOrders } from '@gleaner/api';
import type { Address } from '@gleaner/primitives';
import type { AppOrder, Signed } from '@gleaner/protocol';
import { type Gleaner, publishApp } from '@gleaner/sdk';
import { sha256 } from 'viem';
import { programsDir } from '../network/programsDir.ts';

/** 0.1 RLC for the author of the engine. */
const APP_PRICE = 100_000_000n;
const APP_VOLUME = 1_000_000n;

/** The Go engine, which the app owner sells from now on; the offer of an earlier demo is kept. */
export async function offerEngine(seller: Gleaner): Promise<Address> {
  const bytes = await readFile(join(programsDir, 'go-move', 'go-move.wasm'));
  const existing = await seller.market.call(listOrders.app, {
    query: { chainId: seller.network.chainId, appOwner: seller.signer().address },
  });
  const [order] = existing.orders;
  if (order !== undefined && (await sameProgram(seller, order.order, bytes))) return order.order.app;
  const { app } = await publishApp(seller, { bytes, name: 'Go move', price: APP_PRICE, volume: APP_VOLUME });
  return app;
}

async function sameProgram({ assets }: Gleaner, { app }: Signed<AppOrder>, bytes: Uint8Array): Promise<boolean> {
  return (await assets.getApp(app)).checksum === sha256(bytes);
}
