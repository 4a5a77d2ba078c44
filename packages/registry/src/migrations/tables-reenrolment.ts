import { reenrolDays } from '@recourse/protocol';

/** A platform that lost its admin key begins a new chain of keys: announced, waited for, and stopped by any key it has. */
export const reenrolmentTables = [
  `create table reenrolments (
    -- H of the code that the new admin enrols with
    invite text primary key,
    party text not null references parties check (party ~ '^plt_'),
    holder text not null,
    -- H of the signed call by which the second operator executed it
    call text not null,
    announced_at timestamptz not null,
    effective_at timestamptz not null constraint reenrolments_waiting
      check (effective_at >= announced_at + interval '${24 * reenrolDays} hours'),
    lapses_at timestamptz not null check (lapses_at > effective_at),
    -- JCS of the entry that announced it
    entry text not null,
    stopped_at timestamptz,
    stopped_by text references holders,
    kid text references keys,
    enrolled_at timestamptz constraint reenrolments_in_time
      check (enrolled_at >= effective_at and enrolled_at < lapses_at),
    foreign key (holder, party) references holders (id, party),
    check ((stopped_at is null) = (stopped_by is null)),
    check ((kid is null) = (enrolled_at is null)),
    constraint reenrolments_one_end check (num_nonnulls(stopped_at, enrolled_at) <= 1)
  )`,
  `create index reenrolments_of on reenrolments (party)`,
];

export const reenrolmentGuards = [
  `create trigger reenrolments_final before update on reenrolments
    for each row when (num_nonnulls(old.stopped_at, old.enrolled_at) > 0)
    execute function refuse_change()`,
];
