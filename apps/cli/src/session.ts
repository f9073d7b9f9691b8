import { createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { accountFromKey, createKeyStore, decodePrivateKey, type PasswordSource, passwordFile } from '@gleaner/keys';
import { type Network, readNetwork, status } from '@gleaner/localnet';
import { type Address, GleanerError, show } from '@gleaner/primitives';
import { MAX_INPUT_BYTES, MAX_RECEIPT_BYTES } from '@gleaner/protocol';
import { MAX_MODULE_BYTES } from '@gleaner/sandbox';
import { createGleaner, type Gleaner } from '@gleaner/sdk';
import { getAddress, isAddress, type LocalAccount } from 'viem';
import { toDescription } from './network/toDescription.ts';
import { askSecret } from './output/ask.ts';
import { createPrinter, type Printer } from './output/printer.ts';
import { watchOutput } from './output/watchOutput.ts';

/** Options every command has. */
export interface CommonOptions {
  readonly data: string;
  readonly json: boolean;
  /** A role of the development network (`requester`, `appOwner`, …) or the address of a key in the wallet. */
  readonly as: string;
  readonly passwordFile?: string;
}

export interface Session {
  readonly dataDir: string;
  readonly network: Network;
  readonly gleaner: Gleaner;
  readonly printer: Printer;
  /** As given: a role or an address. */
  readonly as: string;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
}

export const dataDirOf = ({ data }: CommonOptions): string => resolve(data);
export const printerOf = ({ json }: CommonOptions): Printer => createPrinter(json);

/** Key store of this user; `GLEANER_WALLET` names another folder. @throws {GleanerError} data-unreadable for a user without a home */
export function walletFolder(): string {
  return process.env['GLEANER_WALLET'] || join(homeFolder(), '.gleaner', 'wallet');
}

function homeFolder(): string {
  try {
    return homedir();
  } catch (cause) {
    throw new GleanerError('data-unreadable', 'This user has no home folder; name a folder for keys in GLEANER_WALLET', { cause });
  }
}

/**
 * Opens the network of the data folder with the account to act as.
 * @throws {GleanerError} network-not-running, key-not-found, key-invalid, chain-unreachable, chain-replaced when another chain answers
 */
async function openSession(options: CommonOptions, { readOnly = false }: { readOnly?: boolean } = {}): Promise<Session> {
  const dataDir = dataDirOf(options);
  await assertRunning(dataDir);
  const network = await readNetwork(join(dataDir, 'network.json'));
  const account = readOnly ? undefined : await accountOf(options, network);
  const gleaner = createGleaner({ network: toDescription(network), ...(account && { account }), signal: interrupted() });
  await gleaner.chain.identify({ chainId: network.chainId });
  return { dataDir, network, gleaner, printer: printerOf(options), as: options.as, signal: interrupted() };
}

/** A network of this machine must be up; a folder with nothing but a network.json describes one elsewhere. */
async function assertRunning(dataDir: string): Promise<void> {
  const isOurs = await access(join(dataDir, 'supervisor.json')).then(
    () => true,
    () => false,
  );
  const { state } = await status(dataDir);
  if (!isOurs || state === 'ready') return;
  throw new GleanerError('network-not-running', `The network in ${dataDir} is not up: it is ${state}`, { details: { dataDir, state } });
}

/** Runs a command body on a session and closes it. */
export async function withSession(
  options: CommonOptions,
  body: (session: Session) => Promise<void>,
  settings: { readOnly?: boolean } = {},
): Promise<void> {
  const session = await openSession(options, settings);
  try {
    await body(session);
  } finally {
    session.gleaner.close();
  }
}

async function accountOf({ as, passwordFile: file }: CommonOptions, network: Network): Promise<LocalAccount> {
  const role = roleAccount(as, network);
  if (role !== undefined) return accountFromKey(decodePrivateKey(role.privateKey, `The development key of ${as}`));
  if (!isAddress(as, { strict: false })) {
    const roles = Object.keys(network.accounts).join(', ');
    throw new GleanerError(
      'key-not-found',
      `--as takes the address of a key in the wallet${roles === '' ? '' : ` or one of ${roles}`}, got ${show(as)}`,
      {
        details: { value: show(as) },
      },
    );
  }
  return await createKeyStore(walletFolder()).unlock(getAddress(as), passwordSource(file));
}

function roleAccount(name: string, { accounts }: Network) {
  return Object.hasOwn(accounts, name) ? accounts[name as keyof typeof accounts] : undefined;
}

/** Password from a file, or asked for at the terminal; never from the command line. */
export function passwordSource(file: string | undefined, question = 'Password of the key'): PasswordSource {
  return file === undefined ? () => askSecret(question) : passwordFile(file);
}

/** An address argument, or a role of the development network. */
export function resolveAddress(text: string, network: Network): Address {
  const role = roleAccount(text, network);
  if (role !== undefined) return role.address;
  if (isAddress(text, { strict: false })) return getAddress(text);
  throw new GleanerError('bad-request', `Expected an address (0x and 40 hexadecimal digits) or a role, got ${show(text)}`, {
    details: { value: show(text) },
  });
}

/** What is read at most, by the code of a file that is missing: programs and inputs as workers fetch them, and receipts. */
const FILE_LIMITS = {
  'program-not-found': { tooLarge: 'program-too-large', maxBytes: MAX_MODULE_BYTES },
  'input-missing': { tooLarge: 'content-too-large', maxBytes: MAX_INPUT_BYTES },
  'not-found': { tooLarge: 'receipt-malformed', maxBytes: MAX_RECEIPT_BYTES },
} as const;

/**
 * Bytes of a file that the user named; it may be a pipe or a device.
 * @throws {GleanerError} the given code when it cannot be read; program-too-large, content-too-large, receipt-malformed as soon as it is seen to be
 */
export async function readUserFile(path: string, code: keyof typeof FILE_LIMITS): Promise<Uint8Array> {
  const { tooLarge, maxBytes } = FILE_LIMITS[code];
  const details = { path: show(path) };
  const bytes = await readWithin(path, maxBytes).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'does not exist' : cause.code === 'EISDIR' ? 'is a folder' : 'cannot be read';
    throw new GleanerError(code, `The file ${show(path)} ${reason}`, { details, cause });
  });
  if (bytes !== undefined) return bytes;
  throw new GleanerError(tooLarge, `The file ${show(path)} has more than ${maxBytes} bytes`, { details: { ...details, maxBytes } });
}

/** The files of `--input`, in the order given. @throws {GleanerError} input-missing, content-too-large */
export async function readInputs(paths: readonly string[]): Promise<readonly { readonly path: string; readonly bytes: Uint8Array }[]> {
  return await Promise.all(paths.map(async (path) => ({ path, bytes: await readUserFile(path, 'input-missing') })));
}

/** `undefined` for more than `maxBytes`, which of a plain file is known before it is read. */
async function readWithin(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  if ((await stat(path)).size > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: maxBytes })) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return bytes.length <= maxBytes ? bytes : undefined;
}

const interruption = new AbortController();

/** Fires at the first Ctrl-C; the second one ends the process at once. */
export function interrupted(): AbortSignal {
  return interruption.signal;
}

/** Ctrl-C, a request to end, a terminal that is closed and a reader of stdout that is gone all cancel what goes on. */
export function watchInterrupts(): void {
  const cancel = (): void => interruption.abort(new GleanerError('aborted', 'Cancelled'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(130);
      cancel();
    });
  }
  watchOutput(cancel);
}
