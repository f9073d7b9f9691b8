export { appAbi } from './generated/appAbi.ts';
export { appRegistryAbi } from './generated/appRegistryAbi.ts';
export { datasetAbi } from './generated/datasetAbi.ts';
export { datasetRegistryAbi } from './generated/datasetRegistryAbi.ts';
export { hubAbi } from './generated/hubAbi.ts';
export { tokenAbi } from './generated/tokenAbi.ts';
export { workerpoolAbi } from './generated/workerpoolAbi.ts';
export { workerpoolRegistryAbi } from './generated/workerpoolRegistryAbi.ts';
