import type { HubCall, HubCallNamed } from './callOf.ts';
import type { HubLog } from './hubLogs.ts';
import type { RuleContext } from './RuleContext.ts';

/**
 * The direct call that logged this event, one of the names given and about this task. Undefined for an indirect call, which is left,
 * and for a wrong one, which is an issue. Source: docs/receipt.md, section 4.5.
 */
export function directCall<Name extends HubCall['name']>(
  context: RuleContext,
  log: HubLog,
  ...names: Name[]
): HubCallNamed<Name> | undefined {
  const call = context.calls[log.transaction];
  if (call === undefined || call.kind === 'indirect') {
    context.findings.leave(`the call behind ${log.event.name}: a contract made it`);
    return undefined;
  }
  const fits = call.kind === 'direct' && (names as string[]).includes(call.call.name) && isAboutTask(call.call, context);
  const message = `${log.event.name} was logged by another call than ${names.join(' or ')} of this task`;
  return context.findings.expect('call-mismatch', fits, message) && call.kind === 'direct' ? (call.call as HubCallNamed<Name>) : undefined;
}

function isAboutTask(call: HubCall, { taskId, dealId, receipt }: RuleContext): boolean {
  switch (call.name) {
    case 'matchOrders':
    case 'sponsorMatchOrders':
      return false;
    case 'claimArray':
      return call.args[0].includes(taskId);
    case 'initializeAndClaimArray': {
      const [deals, indexes] = call.args;
      return deals.some((deal, at) => deal === dealId && indexes[at] === receipt.index);
    }
    default:
      return call.args[0] === taskId;
  }
}
