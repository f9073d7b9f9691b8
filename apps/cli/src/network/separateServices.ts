import { CONTENT_VARIABLES } from '@gleaner/gateway';
import type { ServiceSpec } from '@gleaner/localnet';
import { SIMULATED_ENCLAVE } from '@gleaner/protocol';
import { rootPathOf } from './developmentRoot.ts';
import { poolKeyOf } from './embeddedServices.ts';
import { POOL_STAKE, POOL_TERMS } from './poolTerms.ts';
import { serviceEntry } from './programsDir.ts';
import { stockAppService } from './stockAppService.ts';
import { workerpoolService } from './workerpoolService.ts';

/** The same services, each in a process of its own, over a PostgreSQL server. */
export function separateServices(isOperated: boolean, dataDir: string): ServiceSpec[] {
  return [
    workerpoolService(isOperated),
    {
      name: 'gateway',
      entry: serviceEntry('gateway'),
      publishes: (url) => ({ services: { ipfsGatewayURL: url, ipfsNodeURL: url } }),
      env: () => Object.fromEntries(CONTENT_VARIABLES.map((name) => [name, process.env[name]])),
    },
    { name: 'orderbook', entry: serviceEntry('orderbook'), publishes: (url) => ({ services: { iexecGatewayURL: url } }) },
    {
      name: 'secrets',
      entry: serviceEntry('secrets'),
      publishes: (url) => ({ services: { smsURL: url }, enclaves: SIMULATED_ENCLAVE }),
      env: () => ({ GLEANER_DEV_ENCLAVE_ROOT: rootPathOf(dataDir) }),
    },
    {
      name: 'scheduler',
      entry: serviceEntry('scheduler'),
      account: poolKeyOf(isOperated),
      publishes: (url) => ({ services: { compassURL: url } }),
      env: () => ({
        GLEANER_ADOPT_POOLS: 'on',
        GLEANER_POOL_PRICE: `${POOL_TERMS.price}`,
        GLEANER_POOL_TRUST: `${POOL_TERMS.trust}`,
        GLEANER_POOL_VOLUME: `${POOL_TERMS.volume}`,
        GLEANER_POOL_STAKE: `${POOL_STAKE}`,
        GLEANER_DEV_ENCLAVES: 'on',
      }),
    },
    { name: 'keeper', entry: serviceEntry('keeper'), account: 'keeper' },
    stockAppService,
  ];
}
