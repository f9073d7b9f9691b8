import { until } from '@gleaner/e2e/until';
import type { Network } from '@gleaner/localnet';

interface Reason {
  readonly code: string;
  readonly message: string;
}

/** Waits until the network's pool says why a task cannot succeed. */
export function reasonOf({ services }: Network, taskid: string): Promise<Reason> {
  return until(`A reason for the end of ${taskid}`, async () => {
    const answer = await fetch(new URL(`/tasks/${taskid}`, services.compassURL));
    return ((await answer.json()) as { readonly reason?: Reason }).reason;
  });
}
