import type { SendOptions } from '../sender/SendOptions.ts';

/** What every action takes besides its own input. Actions that the chain allows only once have an effect key of their own. */
export type ActionOptions = Pick<SendOptions, 'effect' | 'signal' | 'timeoutMs' | 'state' | 'gas'>;

export function withEffect(effect: string, options: ActionOptions = {}): ActionOptions {
  return { effect, ...options };
}
