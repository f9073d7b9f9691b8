import { tokenAbi } from '@gleaner/abi';
import { createChain, createSender, type Deployment, deployMarket, encodeCall, readDeployment, readHub, readWallet } from '@gleaner/chain';
import type { Address, NanoRlc } from '@gleaner/primitives';
import { privateKeyToAccount } from 'viem/accounts';
import type { DevelopmentAccount, Role, RoleAccounts } from '../keys/developmentAccounts.ts';
import type { Log } from '../process/log.ts';
import { findDeployment, writeDeployment } from './deploymentFile.ts';

export interface MarketOptions {
  readonly rpcUrl: string;
  readonly accounts: RoleAccounts;
  readonly workers: readonly DevelopmentAccount[];
  /** Where the record of the market goes; a record of this market is kept. */
  readonly deploymentFile?: string;
  readonly log: Log;
  readonly signal?: AbortSignal;
}

const RLC: NanoRlc = 1_000_000_000n;
/** What a development account has at the start, in its wallet. The pool's owner needs the stake of many tasks. */
const START_RLC: Readonly<Partial<Record<Role, NanoRlc>>> = { workerpoolOwner: 1_000_000n * RLC, requester: 100_000n * RLC };
const USUAL_RLC: NanoRlc = 10_000n * RLC;
/** The faucet holds the supply; the stranger starts without RLC, as a newcomer does; the agent of a pool needs none. */
const WITHOUT_RLC: ReadonlySet<string> = new Set(['faucet', 'stranger', 'poolAgent']);

/**
 * Brings the market to a local chain and hands RLC to the development accounts. Repeatable: what is there is kept, and an account
 * gets RLC again only when wallet and escrow together hold less than half of its first sum.
 * @throws {GleanerError} the failures of `deployMarket` and `Sender`; disk-full, data-unreadable
 */
export async function openMarket(options: MarketOptions): Promise<Deployment> {
  const { rpcUrl, accounts, log, signal, deploymentFile } = options;
  const terms = { rpcUrl, tokenHolder: accounts.faucet.address };
  const deployment = await deployMarket({
    ...terms,
    deployer: privateKeyToAccount(accounts.hubOwner.privateKey),
    log: (event) => log.info({ call: event.call, hash: event.hash }, event.name),
    ...(signal ? { signal } : {}),
  });
  if (deploymentFile && (await findDeployment(deploymentFile))?.hub !== deployment.hubAddress) {
    await writeDeployment(deploymentFile, await readDeployment({ ...terms, deployer: accounts.hubOwner.address }));
  }
  await fundAccounts(options, deployment);
  return deployment;
}

async function fundAccounts({ rpcUrl, accounts, workers, signal }: MarketOptions, deployment: Deployment): Promise<void> {
  const chain = createChain({ rpcUrl, hubAddress: deployment.hubAddress });
  const hub = readHub(chain);
  const wealth = async (account: Address): Promise<NanoRlc> => {
    const [wallet, escrow] = await Promise.all([readWallet(chain, deployment.tokenAddress, account), hub.viewAccount(account)]);
    return wallet.token + escrow.stake + escrow.locked;
  };
  const holders = [...Object.values(accounts), ...workers].filter(({ name }) => !WITHOUT_RLC.has(name));
  const wanted = holders.map(({ name, address }) => ({ address, amount: START_RLC[name as Role] ?? USUAL_RLC }));
  const wealths = await Promise.all(wanted.map(({ address }) => wealth(address)));
  const poor = wanted.filter(({ amount }, index) => (wealths[index] ?? 0n) < amount / 2n);
  if (poor.length === 0) return;
  const sender = createSender({ chain, account: privateKeyToAccount(accounts.faucet.privateKey) });
  try {
    await sender.sendAll(
      poor.map(({ address, amount }) => ({
        ...encodeCall({ to: deployment.tokenAddress, abi: tokenAbi, functionName: 'transfer', args: [address, amount] }),
        ...(signal ? { signal } : {}),
      })),
    );
  } finally {
    sender.close();
  }
}
