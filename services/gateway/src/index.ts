export { createResultRights } from './adapters/createResultRights.ts';
export { CONTENT_VARIABLES, type ContentPlace, checkContent, openContent, readContentPlace } from './adapters/openContent.ts';
export { openResultIndex } from './adapters/openResultIndex.ts';
export type { ResultEntry, ResultIndex, ResultRights, UploadDecision } from './ports.ts';
export { DEFAULT_LIMITS, type GatewayDeps, type GatewayLimits, registerGateway } from './registerGateway.ts';
export { type GatewayConfig, startGateway } from './startGateway.ts';
