import type { ReasonCode } from '@gleaner/primitives';
import type { MatchCode } from '@gleaner/protocol';

export interface MatchRefusal {
  readonly code: ReasonCode;
  readonly message: string;
}

const incompatible = (message: string): MatchRefusal => ({ code: 'orders-incompatible', message });
const unsigned = (message: string): MatchRefusal => ({ code: 'order-signature-invalid', message });
const missing = (message: string): MatchRefusal => ({ code: 'resource-not-deployed', message });
const overpriced = (message: string): MatchRefusal => ({ code: 'price-above-maximum', message });

/** Refusals of `matchOrders`: the number after `iExecV5-matchOrders-`. */
export const MATCH_REFUSALS: Readonly<Record<MatchCode, MatchRefusal>> = {
  '0x00': incompatible('The request and the workerpool order name different categories'),
  '0x01': { code: 'category-unknown', message: 'The category of the request does not exist' },
  '0x02': incompatible('The request asks for more trust than the workerpool order offers'),
  '0x03': overpriced('The app costs more than the request allows'),
  '0x04': overpriced('The dataset costs more than the request allows'),
  '0x05': overpriced('The workerpool costs more than the request allows'),
  '0x06': incompatible('The workerpool order lacks a tag that the app, the dataset or the request needs'),
  '0x07': incompatible('The dataset or the request needs a trusted execution environment, the app order does not offer it'),
  '0x10': incompatible('The request names another app than the app order'),
  '0x11': incompatible('The request names another dataset than the dataset order'),
  '0x12': incompatible('The request does not allow this workerpool'),
  '0x13': incompatible('The app order does not allow this dataset'),
  '0x14': incompatible('The app order does not allow this workerpool'),
  '0x15': incompatible('The app order does not allow this requester'),
  '0x16': incompatible('The dataset order does not allow this app'),
  '0x17': incompatible('The dataset order does not allow this workerpool'),
  '0x18': incompatible('The dataset order does not allow this requester'),
  '0x19': incompatible('The workerpool order does not allow this app'),
  '0x1a': incompatible('The workerpool order does not allow this dataset'),
  '0x1b': incompatible('The workerpool order does not allow this requester'),
  '0x20': missing('The app is not registered'),
  '0x21': unsigned('The app order is not signed by the owner of the app'),
  '0x30': missing('The dataset is not registered'),
  '0x31': unsigned('The dataset order is not signed by the owner of the dataset'),
  '0x40': missing('The workerpool is not registered'),
  '0x41': unsigned('The workerpool order is not signed by the owner of the workerpool'),
  '0x50': unsigned('The request order is not signed by its requester'),
  '0x60': { code: 'order-consumed', message: 'One of the orders has no volume left' },
};
