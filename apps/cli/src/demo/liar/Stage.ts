import type { Network } from '@gleaner/localnet';
import type { Address } from '@gleaner/primitives';
import type { Misbehaviour } from '@gleaner/worker/misbehaviour';

export interface StageWorker {
  readonly name: string;
  readonly address: Address;
  /** Absent for an honest worker. */
  readonly misbehaviour?: Misbehaviour;
}

export interface Liar extends StageWorker {
  readonly misbehaviour: Extract<Misbehaviour, { kind: 'wrong-result' }>;
}

/** The network on which the story is played. */
export interface Stage {
  readonly network: Network;
  readonly workers: readonly StageWorker[];
  readonly liar: Liar;
  /** Started for the demo, and gone afterwards. */
  readonly own: boolean;
  close(): Promise<void>;
}
