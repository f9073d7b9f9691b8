import { join } from 'node:path';
import { type Chain, createChain, createSender, type Sender } from '@gleaner/chain';
import { type Address, type Bytes32, type Hex, ZERO_ADDRESS } from '@gleaner/primitives';
import { openStore, type Store } from '@gleaner/store';
import { startTestChain, type TestMarket } from '@gleaner/testkit';
import { concat, createWalletClient, http, keccak256, type LocalAccount, stringToBytes } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { waitForTransactionReceipt } from 'viem/actions';
import { openMasterKey, type SecretsConfig, startSecrets } from '../src/index.ts';
import { createMemoryLog, type MemoryLog } from './memoryLog.ts';

export type Party = 'requester' | 'appOwner' | 'datasetOwner' | 'workerpoolOwner' | 'stranger';
const PARTIES: readonly Party[] = ['requester', 'appOwner', 'datasetOwner', 'workerpoolOwner', 'stranger'];

export interface TestSecrets {
  readonly testChain: TestMarket;
  readonly chain: Chain;
  readonly store: Store;
  readonly url: string;
  readonly keyFile: string;
  readonly logged: MemoryLog;
  readonly accounts: Readonly<Record<Party, LocalAccount>>;
  readonly senders: Readonly<Record<Party, Sender>>;
  keys(): ReturnType<typeof openMasterKey>;
  /** Ends the service and starts it again at the same port over the same database. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A chain with a market, and a secret service over an empty database. */
export async function startTestSecrets(config: Partial<SecretsConfig> = {}, workers = 0): Promise<TestSecrets> {
  const testChain = await startTestChain({ workers });
  const { rpcUrl, hubAddress } = testChain;
  const accounts = eachParty((party) => privateKeyToAccount(testChain.accounts[party].privateKey));
  const chain = createChain({ rpcUrl, hubAddress });
  const senders = eachParty((party) => createSender({ chain, account: accounts[party] }));
  const store = await openStore({ memory: true });
  const keyFile = join(testChain.dataDir, 'secrets', 'master.key');
  const logged = createMemoryLog();
  const start = (port: number) => startSecrets({ rpcUrl, hubAddress, store, keyFile, log: logged.log, ...config, port });
  let service = await start(0);
  const port = Number(new URL(service.url).port);
  return {
    testChain,
    chain,
    store,
    url: service.url,
    keyFile,
    logged,
    accounts,
    senders,
    keys: () => openMasterKey(store, keyFile),
    async restart() {
      await service.close();
      service = await start(port);
    },
    async close() {
      await service.close();
      await store.close();
      for (const sender of Object.values(senders)) sender.close();
      await testChain.close();
    },
  };
}

function eachParty<T>(make: (party: Party) => T): Record<Party, T> {
  return Object.fromEntries(PARTIES.map((party) => [party, make(party)])) as Record<Party, T>;
}

export const CONTENT = { multiaddr: '0x12' as Hex, checksum: `0x${'ab'.repeat(32)}` as Bytes32 };

/** The challenge as stock clients compute it, written out once more: hashes of the parts, then of their concatenation. */
export function challengeOf(address: Address, ...texts: readonly string[]): Hex {
  return keccak256(concat([keccak256(stringToBytes('IEXEC_SMS_DOMAIN')), address, ...texts.map((text) => keccak256(stringToBytes(text)))]));
}

export const signChallenge = (account: LocalAccount, raw: Hex): Promise<Hex> => account.signMessage({ message: { raw } });

/**
 * Runtime of a contract wallet (ERC-1271) for which a digest is its own signature: compares the words at 4 and 100 of the call
 * and answers the magic value when they are equal, zero otherwise.
 */
const RUNTIME = `60043560643514${`7f1626ba7e${'00'.repeat(28)}`}0260005260206000f3`;
/** Copies the 49 bytes behind itself. */
const INIT = '603180600b6000396000f3';

/** Deploys such a wallet. */
export async function deployWallet({ testChain, accounts, chain }: TestSecrets): Promise<Address> {
  const { rpcUrl } = testChain;
  const client = createWalletClient({ account: accounts.stranger, transport: http(rpcUrl) });
  const hash = await client.deployContract({ abi: [], bytecode: `0x${INIT}${RUNTIME}`, chain: null });
  const { contractAddress } = await waitForTransactionReceipt(chain.client, { hash });
  return contractAddress ?? ZERO_ADDRESS;
}
