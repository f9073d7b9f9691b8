import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import type { MatchView, OrderState } from '../orders/MatchView.ts';
import type { MatchCode, MatchCondition } from '../orders/matchIssues.ts';
import type { OrderKind } from '../orders/orderSchema.ts';
import { tagFromBits } from '../tags.ts';
import { MAX_UINT256 } from '../uint256.ts';
import { STRANGER } from './values.ts';

type Break = (view: MatchView) => MatchView;
type OrderField = 'appOrder' | 'datasetOrder' | 'workerpoolOrder' | 'requestOrder';

const change =
  <F extends OrderField>(field: F, fields: (view: MatchView) => Partial<MatchView[F]>): Break =>
  (view) => ({ ...view, [field]: { ...view[field], ...fields(view) } });

const changeState =
  (kind: OrderKind, state: (view: MatchView) => Partial<OrderState>): Break =>
  (view) => ({ ...view, states: { ...view.states, [kind]: { ...view.states[kind], ...state(view) } } });

const without = (kind: 'app' | 'dataset' | 'workerpool'): Break => {
  return (view) => {
    const { owner: _, ...rest } = view[kind];
    return { ...view, [kind]: rest };
  };
};

const unregistered =
  (kind: 'app' | 'dataset' | 'workerpool'): Break =>
  (view) => ({ ...view, [kind]: { ...view[kind], registered: false } });

const unsigned = (kind: OrderKind): Break => changeState(kind, () => ({ signature: 'invalid' }));

const balances =
  (balanceOf: (view: MatchView) => (account: Address) => bigint): Break =>
  (view) => ({ ...view, balanceOf: balanceOf(view) });

const inTurn =
  (...breaks: readonly Break[]): Break =>
  (view) =>
    breaks.reduce((changed, next) => next(changed), view);

const FAR_BIT = 1n << 200n;

/** The prices cost something, so that an empty account cannot pay. */
const costly = inTurn(
  change('workerpoolOrder', () => ({ workerpoolprice: 1000n })),
  change('requestOrder', ({ requestOrder }) => ({ workerpoolmaxprice: requestOrder.workerpoolmaxprice + 1000n })),
);

/**
 * For each way in which a match fails: turns a view that matches into one whose first issue is that one.
 * Views for `0x30`, `0x31` and `dataset-not-deployed` need a dataset.
 */
export const breakMatch: Readonly<Record<MatchCode | MatchCondition, Break>> = {
  '0x00': change('requestOrder', ({ workerpoolOrder }) => ({ category: workerpoolOrder.category + 1n })),
  '0x01': (view) => ({ ...view, categoryCount: view.requestOrder.category }),
  '0x02': change('requestOrder', ({ workerpoolOrder }) => ({ trust: workerpoolOrder.trust + 1n })),
  '0x03': change('appOrder', ({ requestOrder }) => ({ appprice: requestOrder.appmaxprice + 1n })),
  '0x04': change('datasetOrder', ({ requestOrder }) => ({ datasetprice: requestOrder.datasetmaxprice + 1n })),
  '0x05': change('workerpoolOrder', ({ requestOrder }) => ({ workerpoolprice: requestOrder.workerpoolmaxprice + 1n })),
  '0x06': change('requestOrder', ({ requestOrder }) => ({ tag: tagFromBits(BigInt(requestOrder.tag) | FAR_BIT) })),
  '0x07': inTurn(
    change('requestOrder', ({ requestOrder }) => ({ tag: tagFromBits(BigInt(requestOrder.tag) | 1n) })),
    change('workerpoolOrder', ({ workerpoolOrder }) => ({ tag: tagFromBits(BigInt(workerpoolOrder.tag) | 1n) })),
    change('appOrder', ({ appOrder }) => ({ tag: tagFromBits(BigInt(appOrder.tag) & ~1n) })),
  ),
  '0x10': change('requestOrder', () => ({ app: STRANGER })),
  '0x11': change('requestOrder', () => ({ dataset: STRANGER })),
  '0x12': change('requestOrder', () => ({ workerpool: STRANGER })),
  '0x13': change('appOrder', () => ({ datasetrestrict: STRANGER })),
  '0x14': change('appOrder', () => ({ workerpoolrestrict: STRANGER })),
  '0x15': change('appOrder', () => ({ requesterrestrict: STRANGER })),
  '0x16': change('datasetOrder', () => ({ apprestrict: STRANGER })),
  '0x17': change('datasetOrder', () => ({ workerpoolrestrict: STRANGER })),
  '0x18': change('datasetOrder', () => ({ requesterrestrict: STRANGER })),
  '0x19': change('workerpoolOrder', () => ({ apprestrict: STRANGER })),
  '0x1a': change('workerpoolOrder', () => ({ datasetrestrict: STRANGER })),
  '0x1b': change('workerpoolOrder', () => ({ requesterrestrict: STRANGER })),
  '0x20': unregistered('app'),
  '0x21': unsigned('app'),
  '0x30': unregistered('dataset'),
  '0x31': unsigned('dataset'),
  '0x40': unregistered('workerpool'),
  '0x41': unsigned('workerpool'),
  '0x50': unsigned('request'),
  '0x60': changeState('request', ({ requestOrder }) => ({ consumed: requestOrder.volume })),
  'app-not-deployed': without('app'),
  'dataset-not-deployed': without('dataset'),
  'workerpool-not-deployed': without('workerpool'),
  'signature-format': changeState('app', () => ({ signature: 'bad-length' })),
  'amount-overflow': inTurn(
    costly,
    change('appOrder', () => ({ appprice: MAX_UINT256 })),
    change('requestOrder', () => ({ appmaxprice: MAX_UINT256 })),
  ),
  'sponsor-missing': (view) => ({ ...view, sponsor: ZERO_ADDRESS }),
  'sponsor-balance': inTurn(
    costly,
    balances(() => () => 0n),
  ),
  'workerpool-balance': inTurn(
    costly,
    (view) => ({ ...view, sponsor: STRANGER }),
    balances((view) => (account) => (account === STRANGER ? view.balanceOf(account) : 0n)),
  ),
};
