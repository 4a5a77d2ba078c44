import { disputeEnds } from '@recourse/protocol';
import { secondLookPrefix, secondLookThreshold } from '../accountability/second-look.rules.ts';
import { quoted } from './quoted.ts';

/** What is looked at by another reviewer: one decision in twenty, and evidence of an audit that is said not to fit. */
export const lookTables = [
  `create table second_looks (
    appeal text primary key,
    sanction text not null,
    -- Leaf hash of the entry that says what was decided
    leaf bytea not null check (octet_length(leaf) = 32),
    -- Of the first checkpoint with that entry that was served; none until there is one
    size bigint,
    root bytea check (octet_length(root) = 32),
    drawn boolean,
    foreign key (appeal, sanction) references appeals (id, sanction),
    check (num_nonnulls(size, root, drawn) in (0, 3)),
    -- Nobody chooses.
    constraint second_looks_by_hash check (
      drawn = (substring(sha256('${secondLookPrefix}'::bytea || root || leaf) for 4)
        < '\\x${secondLookThreshold}'::bytea))
  )`,
  `create index second_looks_undrawn on second_looks (appeal) where drawn is null`,
  `create index second_looks_of_sanction on second_looks (sanction)`,
  `create table audit_disputes (
    item text not null,
    sanction text not null,
    place integer not null check (place between 0 and 15),
    round integer not null,
    holder text not null references holders,
    at timestamptz not null,
    content_key bytea,
    second text references holders,
    assigned_at timestamptz,
    closed_at timestamptz,
    closed_as text check (closed_as in (${quoted(disputeEnds)})),
    primary key (item, place, round),
    foreign key (item, sanction) references panel_items (id, sanction),
    -- Nobody repeats themselves.
    constraint audit_disputes_by_another check (second <> holder),
    check ((second is null) = (assigned_at is null)),
    check ((closed_at is null) = (closed_as is null)),
    -- With key and bytes anybody could read it: a closed one keeps neither.
    check ((closed_at is null) = (content_key is not null)),
    check (closed_as is null or closed_as = 'moot' or second is not null)
  )`,
  `create unique index audit_disputes_one_open on audit_disputes (item, place) where closed_at is null`,
];

const readable = (table: string, role: string): string[] => [
  `alter table ${table} enable row level security`,
  `create policy ${table}_read on ${table} for select to ${role} using (true)`,
];

/** For the service role; the owner of the schema is bound by no policy. */
export const lookGuards = (role: string): string[] => [
  ...readable('second_looks', role),
  `create policy second_looks_decided on second_looks for insert to ${role} with check (
    drawn is null and exists (
      select from appeals a where a.id = second_looks.appeal and a.closed_as = 'decided'))`,
  // By the first checkpoint that readers were shown with the entry in it, and by no later one.
  `create policy second_looks_seeded on second_looks for update to ${role} using (true) with check (
    exists (
      select from ledger_checkpoints c
      where c.size = second_looks.size
        and decode(split_part(c.note, E'\\n', 3), 'base64') = second_looks.root
        and c.size = (
          select min(s.size) from ledger_entries e join ledger_served s on s.size > e.index
          where e.leaf = second_looks.leaf)))`,
  `create trigger second_looks_final before update on second_looks
    for each row when (old.drawn is not null) execute function refuse_change()`,
  ...readable('audit_disputes', role),
  `create policy audit_disputes_claimed on audit_disputes for insert to ${role} with check (
    second is null and exists (select from audits u
      where u.item = audit_disputes.item and u.holder = audit_disputes.holder
        and u.statement is not null and u.closed_at is null))`,
  `create policy audit_disputes_independent on audit_disputes for update to ${role}
    using (true) with check (closed_as is not distinct from 'moot' or second is null or (
      is_independent(sanction, second, coalesce(closed_at, assigned_at))
      and is_new_to(sanction, second, item)))`,
  `create trigger audit_disputes_final before update on audit_disputes
    for each row when (old.closed_at is not null) execute function refuse_change()`,
];
