/** Pools that a scheduler took up while it ran, beside the one it was started with; which transaction changed an order last. */
export const sql0006 = `
create table served_pool (
  workerpool text primary key,
  home text not null,
  served_at timestamptz not null default now()
);

create index served_pool_of_home on served_pool (home);

alter table order_record add column changed_by xid8 not null default pg_current_xact_id();

create index order_changed on order_record (changed_by);

create function note_order_change() returns trigger language plpgsql as $$
begin
  new.changed_by := pg_current_xact_id();
  return new;
end $$;

create trigger order_change before update on order_record for each row execute function note_order_change();

create function publish_order(entry jsonb, max_open int4) returns text language plpgsql as $$
declare
  known text;
begin
  perform pg_advisory_xact_lock(hashtextextended('publish/' || (entry->>'kind') || '/' || (entry->>'signer'), 0));
  select status into known from order_record where order_hash = entry->>'order_hash';
  if known <> 'dead' then return 'already-published'; end if;
  if (select count(*) from order_record where signer = entry->>'signer' and kind = entry->>'kind' and status = 'open') >= max_open then
    return 'too-many-open';
  end if;
  insert into order_record (order_hash, kind, signed_order, signer, status, remaining, published_at, volume, price, tag, app, dataset, workerpool,
      requester, beneficiary, category, trust, app_restrict, dataset_restrict, workerpool_restrict, requester_restrict)
    select order_hash, kind, signed_order, signer, 'open', remaining, published_at, volume, price, tag, app, dataset, workerpool,
      requester, beneficiary, category, trust, app_restrict, dataset_restrict, workerpool_restrict, requester_restrict
    from jsonb_populate_record(null::order_record, entry)
    on conflict (order_hash) do update
    set status = 'open', remaining = excluded.remaining, published_at = excluded.published_at, signed_order = excluded.signed_order, signer = excluded.signer
    where order_record.status = 'dead';
  if not found then return 'already-published'; end if;
  return 'published';
end $$;

create index order_book_of_requests on order_record (price desc, published_at, order_hash) where status = 'open' and kind = 'request';
`;
