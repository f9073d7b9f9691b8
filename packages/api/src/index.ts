export * from './gateway/index.ts';
export type { CallOptions, Client, ClientOptions } from './http/createClient.ts';
export { createClient } from './http/createClient.ts';
export type { AnswerOf, EndpointDefinition, HandlerInput, InputOf, Statuses } from './http/defineEndpoint.ts';
export { defineEndpoint } from './http/defineEndpoint.ts';
export {
  address,
  bytes32,
  dealId,
  decimal,
  hex,
  isoMs,
  isoTime,
  jsonInteger,
  orderHash,
  queryBoolean,
  queryInteger,
  taskId,
} from './http/fields.ts';
export { reasonOfStatus, statusOf } from './http/statusOf.ts';
export type { ChallengeData, WalletAuthorization } from './http/walletAuthorization.ts';
export { challengeData, challengeOf, hashChallengeData, invalidAuthorization, parseAuthorization } from './http/walletAuthorization.ts';
export * from './market/index.ts';
export * from './scheduler/index.ts';
export * from './secrets/index.ts';
