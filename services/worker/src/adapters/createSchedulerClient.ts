import { availableParallelism, platform, release, totalmem } from 'node:os';
import {
  type AnswerOf,
  authorizeEnclave,
  createClient,
  type EndpointDefinition,
  type InputOf,
  MAX_FAILURE_CHARS,
  nextWork,
  pingWorker,
  type ReplicateReport,
  registerWorker,
  reportReplicate,
  workerChallenge,
  workerLogin,
} from '@gleaner/api';
import { GleanerError, isGleanerError } from '@gleaner/primitives';
import type { LocalAccount } from 'viem';
import type { SchedulerPort } from '../ports.ts';

/** Beyond the long poll itself. */
const MARGIN_MS = 10_000;

/** The scheduler over HTTP: logs in with the worker's key when there is no session or the session has ended. */
export function createSchedulerClient(options: {
  baseUrl: string;
  account: LocalAccount;
  name: string;
  slots: number;
  /** Tasks that need an enclave may come too. */
  enclaves: boolean;
}): SchedulerPort {
  const { account } = options;
  const wallet = account.address;
  let token: string | undefined;
  const client = createClient({ baseUrl: options.baseUrl, authorization: () => (token === undefined ? undefined : `Bearer ${token}`) });

  let loggingIn: Promise<void> | undefined;

  /** One login at a time: a challenge is good for one, and a new session ends the one before. */
  function login(signal: AbortSignal): Promise<void> {
    loggingIn ??= openSession(signal).finally(() => {
      loggingIn = undefined;
    });
    return loggingIn;
  }

  async function openSession(signal: AbortSignal): Promise<void> {
    const { challenge } = await client.call(workerChallenge, { query: { wallet } }, { signal });
    assertOurChallenge(challenge, wallet);
    const signature = await account.signMessage({ message: challenge });
    token = (await client.call(workerLogin, { body: { wallet, signature } }, { signal })).token;
  }

  async function call<D extends EndpointDefinition>(
    endpoint: D,
    input: InputOf<D>,
    signal: AbortSignal,
    timeoutMs?: number,
  ): Promise<AnswerOf<D>> {
    const options = { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    if (token === undefined) await login(signal);
    try {
      return await client.call(endpoint, input, options);
    } catch (error) {
      if (!isGleanerError(error) || error.code !== 'unauthorized') throw error;
      await login(signal);
      return await client.call(endpoint, input, options);
    }
  }

  return {
    async nextWork(waitMs, holding, signal) {
      return (await call(nextWork, { body: { waitMs, holding: [...holding] } }, signal, waitMs + MARGIN_MS)).assignment;
    },
    report: (taskId, report, signal) => call(reportReplicate, { params: { taskId }, body: withinBounds(report) }, signal),
    async authorizeEnclave(taskId, approved, signal) {
      return (await call(authorizeEnclave, { params: { taskId }, body: approved }, signal)).authorization;
    },
    async ping(holding, signal) {
      return (await call(pingWorker, { body: { holding: [...holding] } }, signal)).directives;
    },
    register: (signal) =>
      call(
        registerWorker,
        {
          body: {
            name: options.name,
            os: `${platform()} ${release()}`,
            cpuCount: availableParallelism(),
            memoryBytes: totalmem(),
            kinds: options.enclaves ? ['wasi', 'dev-enclave'] : ['wasi'],
            slots: options.slots,
          },
        },
        signal,
      ),
  };
}

/** A report must not fail for the length of somebody's error message. */
function withinBounds({ failure, ...report }: ReplicateReport): ReplicateReport {
  return failure === undefined ? report : { ...report, failure: { ...failure, message: failure.message.slice(0, MAX_FAILURE_CHARS) } };
}

/** A scheduler must not get a signature over anything but a login to a scheduler by this wallet. */
function assertOurChallenge(challenge: string, wallet: string): void {
  if (/^Gleaner scheduler login\n/.test(challenge) && challenge.includes(wallet.toLowerCase()) && challenge.length < 500) return;
  throw new GleanerError(
    'unauthorized',
    'The scheduler asked for a signature over something that is not a login challenge for this wallet',
  );
}
