import { join } from 'node:path';
import { readNetwork } from '@gleaner/localnet';
import { type Address, type Bytes32, GleanerError, show } from '@gleaner/primitives';
import { enclaveNotice, SIMULATED_ENCLAVE } from '@gleaner/protocol';
import { type CheckedReceipt, checkReceipt } from '@gleaner/sdk';
import type { Command } from 'commander';
import { getAddress, isAddress } from 'viem';
import { reportLines } from '../receipt/reportLines.ts';
import { type Rerun, rerunTask } from '../receipt/rerunTask.ts';
import { type CommonOptions, dataDirOf, interrupted, printerOf, readUserFile } from '../session.ts';
import { collect, optionsOf } from './options.ts';

interface VerifyOptions extends CommonOptions {
  readonly anchor: readonly string[];
  readonly hub?: string;
  readonly rerun: boolean;
  readonly gateway?: string;
}

export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .summary('check the receipt of a task; needs no network')
    .description(
      'Checks a receipt: the rules recomputed, the signatures, the inclusion in a chain. Only a block hash from a source you trust tells a real chain from an invented one.',
    )
    .argument('<file>', 'as written by gleaner task receipt')
    .option('--anchor <hash or url>', 'a block hash you trust, or the RPC URL of a node you trust (repeatable)', collect, [])
    .option('--hub <address>', 'the market you mean; a receipt of another one is refused')
    .option('--rerun', 'fetch program and inputs, run the task here and compare the result', false)
    .option('--gateway <url>', 'where to fetch them (default: that of the network of the data folder)')
    .action(async (file: string, _: unknown, command: Command) => {
      await verify(file, optionsOf<VerifyOptions>(command));
    });
}

async function verify(file: string, options: VerifyOptions): Promise<void> {
  const printer = printerOf(options);
  const { anchors, rpcUrls } = sortAnchors(options.anchor);
  const bytes = await readUserFile(file, 'not-found');
  const signal = interrupted();
  const hub = options.hub === undefined ? {} : { hubAddress: decodeHub(options.hub) };
  const checked = await checkReceipt(bytes, { anchors, ...hub, rpcUrls, signal });
  const rerun = options.rerun ? await rerunTask(checked.report.receipt, { gatewayUrl: await gatewayOf(options), signal }) : undefined;
  for (const line of reportLines(checked, rerun)) printer.line(line);
  printer.result(summaryOf(checked, rerun));
  if (!isSound(checked, rerun)) process.exitCode = 1;
}

const isSound = ({ report }: CheckedReceipt, rerun: Rerun | undefined): boolean =>
  report.accepted && rerun?.verdict !== 'different' && rerun?.verdict !== 'impossible';

function sortAnchors(texts: readonly string[]): { anchors: Bytes32[]; rpcUrls: string[] } {
  const rpcUrls = texts.filter((text) => /^https?:\/\//.test(text));
  const anchors = texts.filter((text) => !rpcUrls.includes(text)).map(decodeAnchor);
  return { anchors, rpcUrls };
}

function decodeAnchor(text: string): Bytes32 {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as Bytes32;
  throw new GleanerError('bad-request', `--anchor takes a block hash (0x and 64 hexadecimal digits) or an http URL, got ${show(text)}`, {
    details: { option: '--anchor', value: show(text) },
  });
}

function decodeHub(text: string): Address {
  if (isAddress(text, { strict: false })) return getAddress(text);
  throw new GleanerError('bad-request', `--hub takes an address (0x and 40 hexadecimal digits), got ${show(text)}`, {
    details: { option: '--hub', value: show(text) },
  });
}

/** @throws {GleanerError} network-not-running when none is named and none is here */
async function gatewayOf(options: VerifyOptions): Promise<string> {
  if (options.gateway !== undefined) return options.gateway;
  const { services } = await readNetwork(join(dataDirOf(options), 'network.json'));
  if (services.ipfsGatewayURL !== undefined) return services.ipfsGatewayURL;
  throw new GleanerError('bad-request', 'The network of the data folder has no gateway; name one with --gateway', {
    details: { option: '--gateway' },
  });
}

/** The outcome for programs: `ok` says that the file was read, `accepted` what to think of it. */
function summaryOf({ report, nodes }: CheckedReceipt, rerun: Rerun | undefined) {
  const { receipt, accepted, rules, signatures, inclusion } = report;
  const { taskId, dealId, outcome, result, chainId, hubAddress } = receipt;
  const notice = enclaveNotice({ tag: receipt.orders.request.tag, chainId: Number(chainId) });
  const enclave = notice === undefined ? {} : { enclave: SIMULATED_ENCLAVE };
  const about = { taskId, dealId, chainId, hubAddress, outcome, ...enclave, ...(result && { result }) };
  return { ok: isSound({ report, nodes }, rerun), accepted, ...about, rules, signatures, inclusion, nodes, ...(rerun && { rerun }) };
}
