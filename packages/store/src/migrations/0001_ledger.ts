/** What the chain says. A rewind deletes blocks; events, money and consumed volume go with them, projections are folded again. */
export const sql0001 = `
create table chain (
  singleton boolean primary key default true check (singleton),
  chain_id numeric(78,0) not null,
  genesis_hash text not null,
  hub_address text not null,
  head_number int8 not null,
  head_hash text not null,
  head_timestamp int8 not null,
  rewinds int8 not null default 0,
  updated_at timestamptz not null default now()
);

create table block (
  number int8 primary key,
  hash text not null,
  parent_hash text not null,
  timestamp int8 not null
);

create table event (
  block_number int8 not null references block (number) on delete cascade,
  log_index int4 not null,
  transaction_hash text not null,
  address text not null,
  name text not null,
  subject text not null,
  args jsonb not null,
  detail jsonb,
  primary key (block_number, log_index)
);

create index event_of_subject on event (subject, block_number, log_index);

create table money (
  block_number int8 not null references block (number) on delete cascade,
  log_index int4 not null,
  transaction_hash text not null,
  kind text not null,
  account text not null,
  counterparty text,
  amount numeric(78,0) not null,
  ref text,
  primary key (block_number, log_index)
);

create index money_of_ref on money (ref) where ref is not null;

create index money_of_account on money (account, block_number, log_index);

create table consumed (
  block_number int8 not null references block (number) on delete cascade,
  log_index int4 not null,
  order_hash text not null,
  kind text not null,
  volume numeric(78,0) not null,
  deal_id text,
  primary key (block_number, log_index, order_hash)
);

create index consumed_of_order on consumed (order_hash);

create table deal (
  deal_id text primary key,
  block_number int8 not null,
  log_index int4 not null,
  block_timestamp int8 not null,
  transaction_hash text not null,
  app text not null,
  app_owner text not null,
  app_price numeric(78,0) not null,
  dataset text not null,
  dataset_owner text not null,
  dataset_price numeric(78,0) not null,
  workerpool text not null,
  workerpool_owner text not null,
  workerpool_price numeric(78,0) not null,
  trust numeric(78,0) not null,
  category numeric(78,0) not null,
  tag text not null,
  requester text not null,
  beneficiary text not null,
  callback text not null,
  params text not null,
  start_time numeric(78,0) not null,
  bot_first numeric(78,0) not null,
  bot_size numeric(78,0) not null,
  worker_stake numeric(78,0) not null,
  scheduler_reward_ratio numeric(78,0) not null,
  sponsor text not null,
  app_hash text not null,
  dataset_hash text not null,
  workerpool_hash text not null,
  request_hash text not null
);

create index deal_by_block on deal (block_number desc, log_index desc);

create index deal_of_workerpool on deal (workerpool, block_number desc, log_index desc);

create index deal_of_requester on deal (requester, block_number desc, log_index desc);

create index deal_of_request_order on deal (request_hash);

create table task (
  task_id text primary key,
  deal_id text not null,
  index numeric(78,0) not null,
  status text not null,
  timeref numeric(78,0) not null,
  contribution_deadline numeric(78,0) not null,
  reveal_deadline numeric(78,0) not null,
  final_deadline numeric(78,0) not null,
  consensus_value text,
  winner_counter int4 not null,
  reveal_counter int4 not null,
  reopenings int4 not null,
  result_digest text,
  results text,
  initialized_at int8 not null,
  consensus_at int8,
  ended_at int8,
  updated_block int8 not null
);

create index task_of_deal on task (deal_id, index);

create index task_open on task (final_deadline) where status in ('ACTIVE', 'REVEALING');

create table contribution (
  task_id text not null,
  worker text not null,
  position int4 not null,
  status text not null,
  result_hash text not null,
  result_digest text,
  accurate boolean,
  contributed_at int8 not null,
  contributed_block int8 not null,
  transaction_hash text not null,
  revealed_at int8,
  primary key (task_id, worker)
);

create index contribution_of_worker on contribution (worker, contributed_block desc);

create table asset (
  address text primary key,
  kind text not null,
  owner text not null,
  created_block int8 not null,
  updated_block int8 not null
);

create index asset_of_owner on asset (owner, kind);

create table category (
  category_id numeric(78,0) primary key,
  name text not null,
  description text not null,
  timeref numeric(78,0) not null,
  created_block int8 not null
);
`;
