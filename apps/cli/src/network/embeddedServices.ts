import { join } from 'node:path';
import { createServer, listen } from '@gleaner/api/server';
import { createChain, operatorFor } from '@gleaner/chain';
import { createResultRights, openContent, readContentPlace, registerGateway } from '@gleaner/gateway';
import { startKeeper } from '@gleaner/keeper';
import { accountFromKey, decodePrivateKey } from '@gleaner/keys';
import { type Ledger, startLedger } from '@gleaner/ledger';
import type { InProcessService, ServiceContext, ServiceSpec } from '@gleaner/localnet';
import { registerOrderbook } from '@gleaner/orderbook';
import { GleanerError } from '@gleaner/primitives';
import { SIMULATED_ENCLAVE } from '@gleaner/protocol';
import { registerScheduler } from '@gleaner/scheduler';
import { contentReader, KEY_FILE, openDevAttestation, openMasterKey, registerSecrets } from '@gleaner/secrets';
import type { Logger } from 'pino';
import { rootPathOf } from './developmentRoot.ts';
import { POOL_STAKE, POOL_TERMS } from './poolTerms.ts';
import { stockAppService } from './stockAppService.ts';
import { toDescription } from './toDescription.ts';
import { workerpoolService } from './workerpoolService.ts';

/** Role whose key the scheduler signs with. */
export type PoolKey = 'workerpoolOwner' | 'poolAgent';
export const poolKeyOf = (isOperated: boolean): PoolKey => (isOperated ? 'poolAgent' : 'workerpoolOwner');

const LEDGER_START_MS = 30_000;

/** Ledger, order book, secrets, scheduler and content gateway on one origin inside the network's own process, over the embedded database. */
const marketService = (poolKey: PoolKey): InProcessService => ({
  name: 'market',
  publishes: (url) => ({
    services: { smsURL: url, iexecGatewayURL: url, ipfsGatewayURL: url, ipfsNodeURL: url, compassURL: url },
    enclaves: SIMULATED_ENCLAVE,
  }),
  async start(context) {
    const { store, host, port, dataDir, network } = context;
    const log = context.log as Logger;
    const chain = createChain({ rpcUrl: network.rpcUrl, hubAddress: network.hubAddress });
    const ledger = await openLedger({ chain, store, log });
    const server = await createServer({ name: 'market', host, port, log, corsMethods: ['GET', 'HEAD', 'POST', 'PUT'] });
    const { content, index } = await openContent(join(dataDir, 'gateway'), readContentPlace(process.env));
    registerGateway(server, { content, rights: createResultRights(chain), index, log });
    registerOrderbook(server, { chain, chainId: network.chainId, store, log });
    await registerSecrets(server, {
      chain,
      chainId: network.chainId,
      store,
      keys: await openMasterKey(store, join(dataDir, 'secrets', KEY_FILE)),
      log,
      enclaves: {
        attestation: await openDevAttestation(rootPathOf(dataDir)),
        developmentEnclaves: true,
        readContent: contentReader(`http://${host}:${port}`),
      },
    });
    let url = '';
    const account = accountOf(context, poolKey);
    registerScheduler(server, {
      network: toDescription(network),
      workerpool: workerpoolOf(context),
      chain,
      account,
      operator: await operatorFor(chain, account.address, workerpoolOf(context)),
      store,
      log,
      offers: POOL_TERMS,
      stakeNano: POOL_STAKE,
      publicUrl: () => url,
      secretsUrl: `http://${host}:${port}`,
      developmentEnclaves: true,
      adoptsPools: true,
    });
    url = await listen(server);
    const close = async () => {
      await server.close();
      await ledger.close();
    };
    return { url, close };
  },
});

/** @throws {GleanerError} chain-replaced when the database follows another chain */
async function openLedger(options: Parameters<typeof startLedger>[0]): Promise<Ledger> {
  const ledger = startLedger(options);
  try {
    await ledger.waitForBlock(0n, AbortSignal.timeout(LEDGER_START_MS));
    return ledger;
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

const keeperService: InProcessService = {
  name: 'keeper',
  async start(context) {
    const { network, store } = context;
    const { close } = await startKeeper({
      rpcUrl: network.rpcUrl,
      hubAddress: network.hubAddress,
      store,
      account: accountOf(context, 'keeper'),
      log: context.log as Logger,
    });
    return { close };
  },
};

/**
 * What a network on one machine runs beside the portal, in the order in which it starts.
 * @param isOperated whether an operator contract owns the pool
 */
export function embeddedServices(isOperated: boolean): ServiceSpec[] {
  return [workerpoolService(isOperated), marketService(poolKeyOf(isOperated)), keeperService, stockAppService];
}

function accountOf({ accounts }: ServiceContext, role: PoolKey | 'keeper') {
  return accountFromKey(decodePrivateKey(accounts[role].privateKey, `The key of ${role}`));
}

function workerpoolOf({ network }: ServiceContext): `0x${string}` {
  if (network.workerpool === undefined) throw new GleanerError('network-start-failed', 'The workerpool was not created');
  return network.workerpool;
}
