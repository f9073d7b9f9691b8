/** The work of a scheduler: tasks with their claims, replicates, workers, logs. */
export const sql0003 = `
create table pool_task (
  task_id text primary key,
  deal_id text not null,
  index numeric(78,0) not null,
  workerpool text not null,
  state text not null default 'received',
  reason_code text,
  reason_message text,
  trust numeric(78,0) not null,
  category numeric(78,0) not null,
  timeref numeric(78,0) not null,
  contribution_deadline numeric(78,0) not null,
  final_deadline numeric(78,0) not null,
  result_cid text,
  generation int4 not null default 0,
  attempt int4 not null default 0,
  history jsonb not null default '[]',
  version int8 not null default 0,
  wakes int8 not null default 0,
  next_wake_at timestamptz not null default now(),
  claimed_by text,
  claimed_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (deal_id, index)
);

create index pool_task_due on pool_task (next_wake_at) where state not in ('completed', 'failed');

create index pool_task_by_state on pool_task (workerpool, state, created_at desc);

create table worker (
  wallet text primary key,
  workerpool text not null,
  name text,
  os text,
  cpu_count int4,
  memory_bytes int8,
  kinds text[] not null default '{}',
  slots int4 not null default 0,
  session_token_hash text unique,
  session_expires_at timestamptz,
  registered_at timestamptz,
  last_seen_at timestamptz not null default now()
);

create index worker_of_workerpool on worker (workerpool, last_seen_at desc);

create table replicate (
  task_id text not null references pool_task (task_id) on delete cascade,
  worker text not null references worker (wallet),
  generation int4 not null,
  status text not null default 'offered',
  stages jsonb not null default '{}',
  failure_code text,
  failure_message text,
  deterministic boolean,
  exit_code int4,
  result_cid text,
  offered_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (task_id, worker)
);

create index replicate_of_worker on replicate (worker, offered_at desc);

create index replicate_holding_slot on replicate (worker)
  where status in ('offered', 'accepted', 'downloading', 'computing', 'computed', 'contributing');

create table task_log (
  task_id text not null,
  worker text not null,
  stdout text not null,
  stderr text not null,
  updated_at timestamptz not null default now(),
  primary key (task_id, worker)
);

create index task_log_by_age on task_log (updated_at);
`;
