import { listDeals, type MarketDeal } from '@gleaner/api';
import type { DealId } from '@gleaner/primitives';
import { type Deal, type ProgramManifest, parseParams, selectPart } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { type DealPart, listParts } from './listParts.ts';

/** Deals on one page of the market. */
const PAGE = 1_000;

/**
 * The parts of a bag with every part that was run again in its place: a later deal of the same requester for the same app and data set, at
 * no less trust, whose params ask for just this part. Among several, one with a result counts before one that runs, and the newest first.
 * Nothing is remembered for it: chain and market tell.
 * @throws {GleanerError} chain-unreachable, service-unreachable, timed-out, aborted
 */
export function withRetries(
  gleaner: Gleaner,
  bag: { readonly deal: Deal; readonly dealId: DealId; readonly parts: readonly DealPart[] },
  manifest: ProgramManifest | undefined,
  settings: CallSettings = {},
): Promise<readonly DealPart[]> {
  return bounded(gleaner, settings, (client) => replaceFailed(client, bag, manifest));
}

async function replaceFailed(
  gleaner: Gleaner,
  { deal, dealId, parts }: { readonly deal: Deal; readonly dealId: DealId; readonly parts: readonly DealPart[] },
  manifest: ProgramManifest | undefined,
): Promise<readonly DealPart[]> {
  const failed = parts.filter(({ status }) => status === 'failed');
  if (failed.length === 0 || !canSelect(deal, manifest)) return parts;
  const candidates = await laterDeals(gleaner, deal, dealId);
  const retried = new Map<number, DealPart>();
  for (const part of failed) {
    const retry = await bestRetry(gleaner, part, candidates.get(paramsKey(selectPart(deal.params, manifest, placeOf(deal, part)))) ?? []);
    if (retry !== undefined) retried.set(part.position, retry);
  }
  return parts.map((part) => retried.get(part.position) ?? part);
}

/** A part by itself: its position from 0, and the parts in all. */
export function placeOf({ botSize }: Deal, { position }: DealPart): { readonly position: bigint; readonly size: bigint } {
  return { position: BigInt(position), size: botSize };
}

function canSelect({ botSize }: Deal, manifest: ProgramManifest | undefined): boolean {
  return botSize === 1n || manifest?.bag?.select !== undefined;
}

async function laterDeals(gleaner: Gleaner, deal: Deal, dealId: DealId): Promise<ReadonlyMap<string, readonly MarketDeal[]>> {
  const found: MarketDeal[] = [];
  for (let pageIndex = 0; ; pageIndex += 1) {
    const query = { chainId: gleaner.network.chainId, requester: deal.requester, app: deal.app.pointer, pageSize: PAGE, pageIndex };
    const { deals } = await gleaner.market.call(listDeals, { query }, callOptions(gleaner));
    found.push(...deals.filter((other) => isRetryOf(other, deal, dealId)));
    if (deals.length < PAGE || deals.some(({ startTime }) => startTime < deal.startTime)) break;
  }
  const byParams = new Map<string, MarketDeal[]>();
  for (const other of found) {
    const key = paramsKey(other.params);
    byParams.set(key, [...(byParams.get(key) ?? []), other]);
  }
  return byParams;
}

function isRetryOf(other: MarketDeal, deal: Deal, dealId: DealId): boolean {
  const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const terms = isSame(other.dataset.pointer, deal.dataset.pointer) && isSame(other.callback, deal.callback) && other.trust >= deal.trust;
  return terms && other.botSize === 1n && other.startTime >= deal.startTime && other.dealid !== dealId;
}

/** What the program sees of the params; who stores the result does not matter. */
function paramsKey(params: string): string {
  const { iexec_args = '', iexec_input_files = [] } = parseParams(params);
  return JSON.stringify([iexec_args, iexec_input_files]);
}

async function bestRetry(gleaner: Gleaner, part: DealPart, deals: readonly MarketDeal[]): Promise<DealPart | undefined> {
  const retries: DealPart[] = [];
  for (const { dealid } of deals) {
    const [retry] = (await listParts(gleaner, dealid)).parts;
    if (retry !== undefined) retries.push({ ...retry, position: part.position, index: part.index });
  }
  return retries.find(({ status }) => status === 'completed') ?? retries.find(({ status }) => status === 'running') ?? retries[0];
}
