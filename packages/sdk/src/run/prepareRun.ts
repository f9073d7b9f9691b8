import type { OrderSet } from '@gleaner/chain';
import { type Address, type DealId, GleanerError, type OrderHash } from '@gleaner/primitives';
import {
  type AppOrder,
  dealId,
  formatParams,
  hashOrder,
  isTeeTag,
  NULL_DATASET_ORDER,
  type RequestParams,
  type Signed,
} from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import type { Gleaner } from '../createGleaner.ts';
import { createRequestOrder } from '../orders/createOrders.ts';
import { signOrder } from '../orders/signOrder.ts';
import { hasSecret } from '../secrets/hasSecret.ts';
import { RESULT_KEY_NAME, type SecretPlace } from '../secrets/SecretPlace.ts';
import type { Quote } from './quoteRun.ts';

export interface RunInput {
  readonly quote: Quote;
  readonly appOrder: Signed<AppOrder>;
  readonly params: RequestParams;
  /** Who may read the result; the requester by default. */
  readonly beneficiary?: Address;
  /** Contract that receives the result; none by default. */
  readonly callback?: Address;
}

/**
 * A signed request with the orders that it takes. It can make one deal, whoever sends it and however often, and the deal's id is known
 * before: keep the value until `startRun` has ended, and nothing starts twice.
 */
export interface PreparedRun {
  readonly dealId: DealId;
  readonly requestHash: OrderHash;
  readonly orders: OrderSet;
  /** nRLC for one task. */
  readonly price: bigint;
  /** nRLC for all tasks: the most that can be spent. */
  readonly total: bigint;
}

/**
 * Signs the request of a run. Nothing is sent to the chain and nothing locked; the secrets that the run needs are looked for.
 * @throws {GleanerError} key-not-found, order-invalid for malformed params; bad-request for secrets or an encrypted result without an enclave;
 *   secret-not-found; service-unreachable, timed-out, aborted
 */
export function prepareRun(gleaner: Gleaner, input: RunInput, settings: CallSettings = {}): Promise<PreparedRun> {
  return bounded(gleaner, settings, async (client) => {
    const { quote, appOrder, params, beneficiary, callback } = input;
    const requester = client.signer().address;
    await assertSecrets(client, input, requester);
    const request = createRequestOrder({
      app: appOrder.app,
      appMaxPrice: appOrder.appprice,
      workerpool: quote.workerpool,
      workerpoolMaxPrice: quote.workerpoolPrice,
      ...(quote.datasetOrder && { dataset: { dataset: quote.datasetOrder.dataset, maxPrice: quote.datasetPrice } }),
      requester,
      ...(beneficiary && { beneficiary }),
      ...(callback && { callback }),
      volume: quote.tasks,
      category: quote.category,
      trust: quote.trust,
      tag: quote.tag,
      params: formatParams({ iexec_result_storage_provider: 'ipfs', ...params }),
    });
    const requestHash = hashOrder('request', request, client.domain);
    const dataset = quote.datasetOrder ?? { ...NULL_DATASET_ORDER, sign: '0x' as const };
    const orders = { app: appOrder, dataset, workerpool: quote.workerpoolOrder, request: await signOrder(client, 'request', request) };
    // The salt is fresh, so no unit of this request was used before.
    return { dealId: dealId(requestHash, 0n), requestHash, orders, price: quote.price, total: quote.total };
  });
}

/** Refuses before money is locked what an enclave would refuse after. */
async function assertSecrets(client: Gleaner, { quote, params, beneficiary }: RunInput, requester: Address): Promise<void> {
  const names = Object.values(params.iexec_secrets ?? {});
  const isEncrypted = params.iexec_result_encryption === true;
  if (names.length === 0 && !isEncrypted) return;
  if (!isTeeTag(quote.tag))
    throw new GleanerError('bad-request', 'Secrets and encrypted results need an enclave; ask for the quote with enclave: true');
  const places: SecretPlace[] = names.map((name) => ({ kind: 'requester', requester, name }));
  if (isEncrypted) places.push({ kind: 'account', account: beneficiary ?? requester, name: RESULT_KEY_NAME });
  for (const place of places) if (!(await hasSecret(client, place))) throw missing(place, requester);
}

function missing(place: SecretPlace, requester: Address): GleanerError {
  const name = 'name' in place ? place.name : '';
  const owner = place.kind === 'account' ? (place.account ?? requester) : requester;
  return new GleanerError('secret-not-found', `The secret service has no secret ${name} of ${owner}`, {
    details: { kind: place.kind, owner, name },
  });
}
