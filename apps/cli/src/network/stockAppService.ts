import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InProcessService } from '@gleaner/localnet';
import { addContent, createGleaner } from '@gleaner/sdk';
import { sha256 } from 'viem';
import { programsDir } from './programsDir.ts';
import { toDescription } from './toDescription.ts';

/** Arguments that make the stock program do something short. */
const STOCK_ARGS = '--size 9 --seed 1 --playouts 200';

/** Puts the Go engine into the content store, so that any client can register it as an app of its own. Nothing runs afterwards. */
export const stockAppService: InProcessService = {
  name: 'stock-app',
  async start({ network }) {
    const bytes = await readFile(join(programsDir, 'go-move', 'go-move.wasm'));
    const gleaner = createGleaner({ network: toDescription(network) });
    const cid = await addContent(gleaner, bytes, 'go-move.wasm');
    return {
      network: { stockApp: { multiaddr: `/ipfs/${cid}`, checksum: sha256(bytes), args: STOCK_ARGS } },
      close: async () => undefined,
    };
  },
};
