import { runService } from '@gleaner/api/server';
import { readConfig } from './config.ts';
import { startGateway } from './startGateway.ts';

await runService('gateway', (log) => startGateway({ ...readConfig(process.env), log }));
