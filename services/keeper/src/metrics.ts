import { Counter, Gauge, Registry } from 'prom-client';

export interface KeeperMetrics {
  readonly registry: Registry;
  readonly claimed: Counter;
  readonly refused: Counter;
  readonly overdue: Gauge;
  readonly failedRounds: Counter;
}

export function createMetrics(): KeeperMetrics {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    claimed: new Counter({ name: 'keeper_tasks_claimed_total', help: 'Tasks refunded', registers }),
    refused: new Counter({ name: 'keeper_tasks_refused_total', help: 'Tasks that the chain refused to refund', registers }),
    overdue: new Gauge({
      name: 'keeper_tasks_overdue',
      help: 'Tasks past their final deadline and not refunded, in the last round',
      registers,
    }),
    failedRounds: new Counter({
      name: 'keeper_rounds_failed_total',
      help: 'Rounds ended by an unreachable chain or database, or for lack of gas',
      registers,
    }),
  };
}
