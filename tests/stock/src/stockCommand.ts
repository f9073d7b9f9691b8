import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Network } from '@gleaner/localnet';

/** The client's command as npm installs it. */
const command = fileURLToPath(new URL('../cli/cmd/iexec.js', import.meta.resolve('iexec')));

// biome-ignore lint/suspicious/noExplicitAny: the shape belongs to the command
type Answer = any;

/** Runs `iexec … --raw` in a folder and gives the one JSON value it prints, be it an answer or a refusal. */
export type StockCommand = (...args: readonly string[]) => Promise<Answer>;

/** A folder with chain.json, wallet.json and iexec.json, as the client's documentation describes them. */
export async function stockCommand(
  folder: string,
  network: Network,
  wallet: { address: string; privateKey: string },
): Promise<StockCommand> {
  await mkdir(folder, { recursive: true });
  const files = { 'chain.json': chainFile(network), 'wallet.json': wallet, 'iexec.json': { description: 'scratch' } };
  for (const [name, value] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(value), { mode: 0o600 });
  return (...args) => run(folder, [...args, '--raw']);
}

function chainFile({ chainId, rpcUrl, hubAddress, services }: Network): object {
  const { smsURL: sms, iexecGatewayURL: iexecGateway, ipfsGatewayURL: ipfsGateway, compassURL: compass } = services;
  return {
    default: 'gleaner',
    chains: { gleaner: { id: `${chainId}`, host: rpcUrl, hub: hubAddress, sms, iexecGateway, ipfsGateway, compass } },
  };
}

function run(cwd: string, args: readonly string[]): Promise<Answer> {
  const child = spawn(process.execPath, [command, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const answer = [stdout, stderr].map(lastJson).find((value) => value !== undefined);
      if (answer === undefined) reject(new Error(`iexec ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`));
      else resolve(answer);
    });
  });
}

function lastJson(text: string): unknown {
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}
