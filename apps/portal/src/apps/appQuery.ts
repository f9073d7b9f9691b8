import { listOrders, type OrderRecordOf } from '@gleaner/api';
import type { AppInfo } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import { decodeMultiaddr, type ProgramManifest, readManifest } from '@gleaner/protocol';
import { fetchProgram, type Gleaner } from '@gleaner/sdk';
import { type Part, partly } from '../reading/partly.ts';
import { signalOf } from '../reading/signalOf.ts';
import type { Query } from '../reading/useReading.ts';

/** Larger modules are not loaded into a page for the sake of their manifest. */
const MAX_LOADED_BYTES = 8 * 2 ** 20;

export interface AppReading {
  readonly info: AppInfo;
  /** Of the program. */
  readonly location: string;
  /** What the module says of itself; `undefined` inside for a module without a manifest. */
  readonly manifest: Part<ProgramManifest | undefined>;
  readonly offers: Part<readonly OrderRecordOf<'app'>[]>;
}

/** A registered app: what the chain knows, what the module says, what it costs now. */
export function appQuery(app: Address): Query<AppReading> {
  return { key: `app ${app}`, read: (gleaner) => readApp(gleaner, app), isFinal: isWhole };
}

async function readApp(gleaner: Gleaner, app: Address): Promise<AppReading> {
  const info = await gleaner.assets.getApp(app);
  const query = { chainId: gleaner.network.chainId, app };
  const [manifest, offers] = await Promise.all([
    partly(fetchProgram(gleaner, app, { maxBytes: MAX_LOADED_BYTES }).then(readManifest)),
    partly(gleaner.market.call(listOrders.app, { query }, signalOf(gleaner)).then(({ orders }) => orders)),
  ]);
  return { info, location: decodeMultiaddr(info.multiaddr), manifest, offers };
}

const isWhole = ({ manifest, offers }: AppReading): boolean => manifest.failure === undefined && offers.failure === undefined;
