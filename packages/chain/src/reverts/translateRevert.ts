import type { ReasonCode } from '@gleaner/primitives';
import { GleanerError } from '@gleaner/primitives';
import type { MatchCode } from '@gleaner/protocol';
import type { Revert } from './decodeRevert.ts';
import { MATCH_REFUSALS } from './matchRefusals.ts';

interface Meaning {
  readonly code: ReasonCode;
  readonly message: string;
}

/** Functions in which a worker, not the requester, lacks the funds. */
const STAKING_FUNCTIONS = new Set(['contribute']);

const EMPTY_REVERTS: Readonly<Record<string, Meaning>> = {
  withdraw: { code: 'balance-too-low', message: 'The free balance is below the amount to withdraw' },
  withdrawTo: { code: 'balance-too-low', message: 'The free balance is below the amount to withdraw' },
  transfer: { code: 'balance-too-low', message: 'The balance is below the amount to transfer' },
  transferFrom: { code: 'balance-too-low', message: 'The balance or the allowance is below the amount to transfer' },
  approveAndCall: { code: 'chain-reverted', message: 'The receiver of the approval refused it' },
  matchOrders: { code: 'resource-not-deployed', message: 'An app, dataset or workerpool of the orders is no contract' },
  initialize: { code: 'chain-reverted', message: 'The task is outside its deal, or is initialized already' },
  initializeArray: { code: 'chain-reverted', message: 'A task is outside its deal, or is initialized already' },
  contribute: {
    code: 'chain-reverted',
    message:
      'The task is not open for contributions, its contribution deadline passed, this worker contributed already, or is not authorised',
  },
  contributeAndFinalize: { code: 'chain-reverted', message: 'The task is not open for one single contribution by this worker' },
  reveal: {
    code: 'chain-reverted',
    message: 'The task is not in its reveal phase, or the digest is not the one this worker contributed to the consensus',
  },
  finalize: { code: 'chain-reverted', message: 'The task cannot be finalized now, or not by this account' },
  reopen: { code: 'chain-reverted', message: 'The task cannot be reopened now, or not by this account' },
  claim: { code: 'chain-reverted', message: 'The task is over, or its final deadline has not passed' },
  claimArray: { code: 'chain-reverted', message: 'A task is over, or its final deadline has not passed' },
  initializeAndClaimArray: { code: 'chain-reverted', message: 'A task exists already, or its final deadline has not passed' },
};

/**
 * A revert → the error with the reason code that users see.
 * @param call function that reverted; the same revert means different things in different functions
 * The details hold `call` and `revert`, the latter as the contract spelled it.
 */
export function revertError(revert: Revert, call?: string, cause?: unknown): GleanerError {
  const { code, message } = meaningOf(revert, call);
  return new GleanerError(code, message, { details: { call, revert: formatRevert(revert), revertKind: revert.kind }, cause });
}

/** One line, as the contract spelled it: `iExecV5-matchOrders-0x05`, `Panic(0x11)`, `Name(arguments)`, or `` for an empty revert. */
export function formatRevert(revert: Revert): string {
  switch (revert.kind) {
    case 'reason':
      return revert.reason;
    case 'custom':
      return `${revert.name}(${revert.args.join(', ')})`;
    case 'panic':
      return `Panic(0x${revert.code.toString(16).padStart(2, '0')})`;
    case 'empty':
    case 'no-contract':
      return '';
    case 'unknown':
      return revert.data;
  }
}

function meaningOf(revert: Revert, call: string | undefined): Meaning {
  switch (revert.kind) {
    case 'reason':
      return meaningOfReason(revert.reason, call);
    case 'custom':
      return meaningOfCustom(revert, call);
    case 'panic':
      return {
        code: 'chain-reverted',
        message: `${subject(call)} failed inside the contract with panic code 0x${revert.code.toString(16)}`,
      };
    case 'empty':
      return (
        EMPTY_REVERTS[call ?? ''] ?? { code: 'chain-reverted', message: `${subject(call)} was refused by the contract without a reason` }
      );
    case 'no-contract':
      return { code: 'chain-reverted', message: `No contract answers ${subject(call)} at that address` };
    case 'unknown':
      return { code: 'chain-reverted', message: `${subject(call)} was refused by the contract with unknown data` };
  }
}

function meaningOfReason(reason: string, call: string | undefined): Meaning {
  const matchCode = /^iExecV5-matchOrders-(0x[0-9a-f]{2})$/.exec(reason)?.[1];
  if (matchCode !== undefined && Object.hasOwn(MATCH_REFUSALS, matchCode)) return MATCH_REFUSALS[matchCode as MatchCode];
  if (reason === 'IexecEscrow: Transfer amount exceeds balance') return shortOfFunds(call);
  if (reason === 'invalid-sender-or-signature' || reason === 'invalid-signature-format') {
    return { code: 'order-signature-invalid', message: `${subject(call)} needs the signature of the owner: ${reason}` };
  }
  if (reason === 'Ownable: caller is not the owner' || reason === 'caller is not the owner') {
    return { code: 'forbidden', message: `${subject(call)} is for the owner alone` };
  }
  return { code: 'chain-reverted', message: `${subject(call)} was refused by the contract: ${reason}` };
}

function meaningOfCustom({ name, args }: Extract<Revert, { kind: 'custom' }>, call: string | undefined): Meaning {
  if (/Insufficient(Balance|Allowance)$/.test(name)) {
    return { code: 'balance-too-low', message: `The balance or allowance is too low for ${subject(call)}` };
  }
  if (name === 'OperationFailed')
    return { code: 'resource-not-deployed', message: 'An app, dataset or workerpool of the orders is no contract' };
  if (name === 'CallerIsNotTheRequester') return { code: 'forbidden', message: 'Only the requester may pay for the deal by this way' };
  if (name === 'CallerIsNotTheAgent') return { code: 'forbidden', message: `${subject(call)} is for the agent ${args[1]} alone` };
  if (/Unauthorized|NotContractOwner|CallerIsNotTheOwner/.test(name))
    return { code: 'forbidden', message: `${subject(call)} is for the owner alone` };
  return { code: 'chain-reverted', message: `${subject(call)} was refused by the contract: ${name}(${args.join(', ')})` };
}

function shortOfFunds(call: string | undefined): Meaning {
  if (STAKING_FUNCTIONS.has(call ?? ''))
    return { code: 'stake-too-low', message: 'The free balance of the worker is below the stake of the task' };
  return {
    code: 'balance-too-low',
    message: 'The free balance of the requester, or of the workerpool owner, is below what the deal locks',
  };
}

function subject(call: string | undefined): string {
  return call ?? 'The call';
}
