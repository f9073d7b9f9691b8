export type { ServerOptions } from './http/createServer.ts';
export { createServer, listen } from './http/createServer.ts';
export type { ErrorAnswer } from './http/errorBody.ts';
export { errorAnswer } from './http/errorBody.ts';
export type { Wake } from './http/longPoll.ts';
export { longPoll, waitFor } from './http/longPoll.ts';
export { startMetrics } from './http/metrics.ts';
export type { Authenticate, EndpointRequest, Handler } from './http/registerEndpoint.ts';
export { registerEndpoint } from './http/registerEndpoint.ts';
