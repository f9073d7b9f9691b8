import type { TaskId } from '@gleaner/primitives';
import type { TaskState } from '@gleaner/protocol';
import pg from 'pg';
import { until } from './until.ts';

/** What the triggers below tell. */
interface Change {
  readonly taskId: TaskId;
  readonly state: TaskState;
}

/**
 * Told of every new state, and able to keep tasks in one: whoever would move a task on waits inside his statement. So a scheduler
 * can be killed in states that last a moment only; the statement dies with it, as in any crash.
 */
const TRIGGERS = `
  create table e2e_held_state (state text primary key, since timestamptz not null default clock_timestamp());
  create function e2e_tell() returns trigger language plpgsql as $$ begin
    perform pg_notify('e2e_state', json_build_object('taskId', new.task_id, 'state', new.state)::text);
    return new;
  end $$;
  create function e2e_hold() returns trigger language plpgsql as $$ begin
    while exists (select 1 from e2e_held_state where state = old.state and since < old.created_at) loop
      perform pg_sleep(0.02);
    end loop;
    return new;
  end $$;
  create trigger e2e_tell after insert or update of state on pool_task for each row execute function e2e_tell();
  create trigger e2e_hold before update of state on pool_task for each row when (old.state is distinct from new.state) execute function e2e_hold();`;

/** The pool's tasks, seen from inside the database. */
export class PoolWatch {
  readonly #client: pg.Client;
  readonly #changes: Change[] = [];

  constructor(url: string) {
    this.#client = new pg.Client({ connectionString: url });
    this.#client.on('notification', ({ payload }) => void this.#changes.push(JSON.parse(payload ?? '') as Change));
  }

  async open(): Promise<void> {
    await this.#client.connect();
    await this.#client.query(TRIGGERS);
    await this.#client.query('listen e2e_state');
  }

  /** No task that begins from now on leaves this state. */
  async hold(state: TaskState): Promise<void> {
    await this.#client.query('insert into e2e_held_state values ($1) on conflict do nothing', [state]);
  }

  /** Undoes the statements that wait, as the end of their connection would, and lets tasks go on. */
  async release(): Promise<void> {
    await this.#client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
    );
    await this.#client.query('delete from e2e_held_state');
  }

  /** Waits until the task enters the state, or finds that it has. */
  async whenIn(taskId: TaskId, state: TaskState): Promise<void> {
    await until(
      `State ${state} of task ${taskId}`,
      () => this.#changes.some((change) => change.taskId === taskId && change.state === state),
      {
        everyMs: 2,
        timeoutMs: 90_000,
      },
    );
  }

  /** As the row says now. */
  async stateOf(taskId: TaskId): Promise<TaskState> {
    const { rows } = await this.#client.query('select state from pool_task where task_id = $1', [taskId]);
    return rows[0]?.state;
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}

export async function watchPool(url: string): Promise<PoolWatch> {
  const watch = new PoolWatch(url);
  await watch.open();
  return watch;
}
