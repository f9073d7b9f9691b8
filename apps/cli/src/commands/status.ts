import { type NetworkStatus, status } from '@gleaner/localnet';
import { createGleaner, workerpoolStatus } from '@gleaner/sdk';
import type { Command } from 'commander';
import { toDescription } from '../network/toDescription.ts';
import { table } from '../output/table.ts';
import { type CommonOptions, dataDirOf, interrupted, printerOf } from '../session.ts';
import { optionsOf } from './options.ts';

export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .description('what runs, where it answers, and who works')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<CommonOptions>(command);
      const printer = printerOf(options);
      const current = await status(dataDirOf(options));
      const live = current.state === 'ready' ? await readLive(current) : undefined;
      printer.line(`Network in ${current.dataDir}: ${current.state}${current.pid === undefined ? '' : `, process ${current.pid}`}`);
      if (live !== undefined) printer.line(`Chain ${live.chainId}, block ${live.block}, ${live.workers.length} workers connected`);
      const { enclaves } = current.network ?? {};
      if (enclaves !== undefined) printer.line(`Enclaves: ${enclaves.notice}`);
      const rows = current.parts.map(({ name, state, restarts, url, misbehaviour }) => [
        `  ${name}`,
        state,
        restarts > 0 ? `restarted ${restarts}×` : '',
        misbehaviour === undefined ? (url ?? '') : `misbehaves on purpose: ${misbehaviour}`,
      ]);
      for (const line of table(rows)) printer.line(line);
      if (current.state !== 'ready') process.exitCode = 1;
      printer.result(statusJson(current, live));
    });
}

async function readLive({ network }: NetworkStatus) {
  if (network === undefined) return undefined;
  const gleaner = createGleaner({ network: toDescription(network), signal: interrupted() });
  const head = await gleaner.chain.head().catch(() => undefined);
  const pool = network.workerpool === undefined ? undefined : await workerpoolStatus(gleaner, network.workerpool).catch(() => undefined);
  const workers = (pool?.workers ?? []).map(({ walletAddress, score, enclave }) => ({ walletAddress, score, ...(enclave && { enclave }) }));
  return {
    chainId: network.chainId,
    block: head?.number ?? 0n,
    chainAnswers: head !== undefined,
    schedulerAnswers: pool !== undefined,
    workers,
  };
}

/** Without private keys. */
function statusJson({ network, ...current }: NetworkStatus, live: Awaited<ReturnType<typeof readLive>>) {
  if (network === undefined) return current;
  const { accounts, ...description } = network;
  const addresses = Object.fromEntries(Object.entries(accounts).map(([role, { address }]) => [role, address]));
  return { ...current, network: { ...description, accounts: addresses }, live };
}
