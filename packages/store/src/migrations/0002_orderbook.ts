/** Published orders with the columns that book queries filter and sort by, and login challenges. */
export const sql0002 = `
create table order_record (
  order_hash text primary key,
  kind text not null,
  signed_order jsonb not null,
  signer text not null,
  status text not null,
  remaining numeric(78,0) not null,
  published_at timestamptz(3) not null,
  volume numeric(78,0) not null,
  price numeric(78,0) not null,
  tag bit(256) not null,
  app text,
  dataset text,
  workerpool text,
  requester text,
  beneficiary text,
  category numeric(78,0),
  trust numeric(78,0),
  app_restrict text,
  dataset_restrict text,
  workerpool_restrict text,
  requester_restrict text
);

create index order_book on order_record (kind, price, published_at, order_hash) where status = 'open';

create index order_of_app on order_record (app, kind) where status = 'open';

create index order_of_dataset on order_record (dataset, kind) where status = 'open';

create index order_of_workerpool on order_record (workerpool, kind) where status = 'open';

create index order_of_signer on order_record (signer, kind, status);

create table challenge (
  scope text not null,
  address text not null,
  challenge text not null,
  expires_at timestamptz not null,
  primary key (scope, address)
);
`;
