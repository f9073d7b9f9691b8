export { createResultRights } from './adapters/createResultRights.ts';
export { checkContent, openContent } from './adapters/openContent.ts';
export { openResultIndex } from './adapters/openResultIndex.ts';
export { CONTENT_VARIABLES, type ContentPlace, readContentPlace } from './adapters/readContentPlace.ts';
export type { ResultEntry, ResultIndex, ResultRights, UploadDecision } from './ports.ts';
export { DEFAULT_LIMITS, type GatewayDeps, type GatewayLimits, registerGateway } from './registerGateway.ts';
export { type GatewayConfig, startGateway } from './startGateway.ts';
