import { createClient, getEnclaveTerms } from '@gleaner/api';
import { assertDevelopmentEnclaves } from '@gleaner/attestation';
import type { HubReader } from '@gleaner/chain';
import { GleanerError } from '@gleaner/primitives';
import type { EnclaveApprover } from '../ports.ts';

export interface ApproverOptions {
  /** Origin of the secret service; without one no enclave is authorised. */
  readonly secretsUrl: string | undefined;
  readonly chainId: number;
  readonly hub: HubReader;
  /** Whether whoever runs this scheduler asked for development enclaves. */
  readonly developmentEnclaves: boolean;
}

/** The secret service names its key; a service whose enclaves are simulated counts only where this process, too, finds them allowed. */
export function createEnclaveApprover({ secretsUrl, chainId, hub, developmentEnclaves }: ApproverOptions): EnclaveApprover {
  return {
    async approver(signal) {
      if (secretsUrl === undefined) throw new GleanerError('enclave-not-allowed', 'This pool works with no secret service');
      const { approver: address, hardware } = await createClient({ baseUrl: secretsUrl }).call(getEnclaveTerms, {}, { signal });
      if (!hardware) assertDevelopmentEnclaves({ chainId, hubAllows: await hub.developmentEnclaves(), switchedOn: developmentEnclaves });
      return { address, hardware };
    },
  };
}
