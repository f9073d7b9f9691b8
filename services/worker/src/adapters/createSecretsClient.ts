import {
  closeEnclaveSession,
  createClient,
  createEnclaveChallenge,
  enclaveClosingHash,
  enclaveSessionHash,
  openEnclaveSession,
} from '@gleaner/api';
import type { LocalAccount } from 'viem';
import type { SecretsPort } from '../ports.ts';

/** The secret service over HTTP. What it seals, this process cannot open. */
export function createSecretsClient({ baseUrl, account }: { baseUrl: string; account: LocalAccount }): SecretsPort {
  const client = createClient({ baseUrl });
  const worker = account.address;
  return {
    async challenge(taskId, signal) {
      return (await client.call(createEnclaveChallenge, { body: { taskId, worker } }, { signal })).nonce;
    },
    async openSession({ taskId, nonce, evidence, invitation }, signal) {
      const workerSignature = await account.signMessage({ message: { raw: enclaveSessionHash({ taskId, nonce, evidence }) } });
      const body = { taskId, worker, nonce, evidence, invitation, workerSignature };
      const { enclave, approval, sealed } = await client.call(openEnclaveSession, { body }, { signal });
      return { enclave, approval, sealed };
    },
    async closeSession({ taskId, enclave }, signal) {
      const workerSignature = await account.signMessage({ message: { raw: enclaveClosingHash({ taskId, enclave }) } });
      return (await client.call(closeEnclaveSession, { body: { taskId, worker, enclave, workerSignature } }, { signal })).answerKey;
    },
  };
}
