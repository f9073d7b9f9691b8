import { type DeploymentPlan, deployMarket, type MarketTerms, planDeployment, readDeployment } from '@gleaner/chain';
import { assertDeploymentFile, writeDeployment } from '@gleaner/localnet';
import { GleanerError, type Hex, show } from '@gleaner/primitives';
import type { Command } from 'commander';
import { getAddress, isAddress } from 'viem';
import { type Deployer, findDeployer } from '../network/deployer.ts';
import { planLines, recordLines } from '../network/deploymentLines.ts';
import type { Printer } from '../output/printer.ts';
import { type CommonOptions, interrupted, printerOf } from '../session.ts';
import { optionsOf, parseCount } from './options.ts';

interface DeployArguments extends CommonOptions {
  readonly rpc: string;
  readonly token?: string;
  readonly owner?: string;
  readonly holder?: string;
  readonly delay?: string;
  readonly salt?: string;
  readonly dryRun?: boolean;
  readonly out?: string;
}

export function addNetworkCommand(program: Command): void {
  const network = program.command('network').description('markets on chains elsewhere');

  network
    .command('deploy')
    .description('bring the market to a chain, or complete and verify the one that is there; paid by --as or GLEANER_KEY_FILE')
    .requiredOption('--rpc <url>', 'JSON-RPC endpoint of the chain')
    .option('--token <address>', 'RLC that is there already; a new one otherwise')
    .option('--owner <address>', 'governs the market in the end, outside development chains through a timelock; default: who pays')
    .option('--holder <address>', 'receives the supply of a new RLC; default: the owner')
    .option('--delay <seconds>', 'of the timelock, 3600 to 2592000; default: five days')
    .option('--salt <hex>', '32 bytes; another salt makes another market')
    .option('--dry-run', 'show the steps, their gas and what differs; send nothing and ask for no password', false)
    .option('--out <file>', 'deployment file; default: deployment-<chain id>.json')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<DeployArguments>(command);
      const printer = printerOf(options);
      const target = { rpcUrl: options.rpc, ...termsOf(options), signal: interrupted() };
      const deployer = await findDeployer(options);
      const plan = await planDeployment({ ...target, deployer: deployer.address });
      if (options.dryRun) return showPlan(printer, plan);
      await deploy({ printer, deployer, target, file: options.out ?? `deployment-${plan.chainId}.json`, plan });
    });
}

function showPlan(printer: Printer, plan: DeploymentPlan): void {
  for (const line of planLines(plan)) printer.line(line);
  printer.result({ plan });
  if (plan.differences.length > 0) process.exitCode = 1;
}

interface Run {
  readonly printer: Printer;
  readonly deployer: Deployer;
  readonly target: MarketTerms & { readonly rpcUrl: string; readonly signal: AbortSignal };
  readonly file: string;
  readonly plan: DeploymentPlan;
}

async function deploy({ printer, deployer, target, file, plan }: Run): Promise<void> {
  await assertDeploymentFile(file, { chainId: plan.chainId, hub: plan.addresses.hub });
  const log = ({ call, hash }: { call: string; hash: Hex }): void => printer.note(`${call}  ${hash}`);
  const { gasUsed, transactions } = await deployMarket({ ...target, deployer: await deployer.unlock(), log });
  const record = await readDeployment({ ...target, deployer: deployer.address });
  await writeDeployment(file, record);
  for (const line of recordLines(record)) printer.line(line);
  printer.line(
    transactions === 0 ? `Everything was there and as it should be; ${file}` : `${transactions} transactions, ${gasUsed} gas; ${file}`,
  );
  printer.result({ file, transactions, gasUsed, deployment: record });
}

function termsOf({ token, owner, holder, delay, salt }: DeployArguments): MarketTerms {
  return {
    ...(token !== undefined && { token: addressOf(token, '--token') }),
    ...(owner !== undefined && { owner: addressOf(owner, '--owner') }),
    ...(holder !== undefined && { tokenHolder: addressOf(holder, '--holder') }),
    ...(delay !== undefined && { timelockDelaySec: Number(parseCount(delay, '--delay', 2_592_000, 3_600)) }),
    ...(salt !== undefined && { salt: saltOf(salt) }),
  };
}

function addressOf(text: string, option: string) {
  if (isAddress(text)) return getAddress(text);
  throw new GleanerError(
    'bad-request',
    `${option} must be an address, 0x and 40 hexadecimal digits with a right checksum, got ${show(text)}`,
    {
      details: { option, value: show(text) },
    },
  );
}

function saltOf(text: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as Hex;
  throw new GleanerError('bad-request', `--salt must be 0x and 64 hexadecimal digits, got ${show(text)}`, {
    details: { value: show(text) },
  });
}
