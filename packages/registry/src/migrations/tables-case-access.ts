import { accessKinds, mostContactTries } from '@recourse/protocol';
import { quoted } from './quoted.ts';

/** Who acts on a case besides its holder, and who hears when it has news. */
export const caseAccessTables = [
  `create table case_access (
    sanction text not null references sanctions,
    place integer not null check (place between 1 and 999),
    kind text not null check (kind in (${quoted(accessKinds)})),
    -- As the holder named them, sealed under the key of the case
    name bytea not null,
    -- H of the code, which opens the access once
    invite text not null unique,
    invited_at timestamptz not null,
    invite_until timestamptz not null check (invite_until <= invited_at + interval '168 hours'),
    -- Their key; another one once they replaced it
    holder text,
    since timestamptz constraint case_access_in_time check (since < invite_until),
    ended_at timestamptz,
    primary key (sanction, place),
    foreign key (holder, sanction) references case_holders (key_hash, sanction),
    check ((holder is null) = (since is null))
  )`,
  `create unique index case_access_of_key on case_access (holder) where holder is not null`,
  // One address a key. Nothing but the code goes there before its owner confirmed it.
  `create table case_contacts (
    holder text primary key,
    sanction text not null,
    -- Address, language and the code that stops the mails, sealed under the key of the case
    address bytea not null,
    stop text not null unique,
    at timestamptz not null,
    tries integer not null default 0 check (tries between 0 and ${mostContactTries}),
    confirm_by timestamptz not null check (confirm_by <= at + interval '24 hours'),
    confirmed_at timestamptz check (confirmed_at < confirm_by),
    -- How much of what happened in the case it was told of
    told integer not null,
    mailed_at timestamptz constraint case_contacts_confirmed check (mailed_at >= confirmed_at),
    failures integer not null default 0,
    retry_at timestamptz,
    foreign key (holder, sanction) references case_holders (key_hash, sanction),
    constraint case_contacts_unconfirmed
      check (confirmed_at is not null or (mailed_at is null and retry_at is null and failures = 0))
  )`,
  `create index case_contacts_of on case_contacts (sanction)`,
];

const refuse = (why: string): string =>
  `raise exception '${why}' using errcode = 'check_violation';`;

export const caseAccessGuards = [
  `create trigger case_access_ended before update on case_access
    for each row when (old.ended_at is not null and new.ended_at is distinct from old.ended_at)
    execute function refuse_change()`,
  `create function guard_guardian() returns trigger language plpgsql as $$
    begin
      if new.kind = 'guardian' and not exists (
        select from sanctions s where s.id = new.sanction and s.age = 'minor'
      ) then ${refuse('a guardian acts for a minor')} end if;
      return new;
    end $$`,
  `create trigger case_access_guardian before insert on case_access
    for each row execute function guard_guardian()`,
];

/** How much has happened in a case that its creator is told of; it only grows. */
export const caseNews = `create function case_news(of_sanction text) returns integer language sql stable as $$
  select (
    (select count(*) from sanction_events e where e.sanction = of_sanction)
    + (select count(*) + count(q.answered_at) from trust_questions q where q.sanction = of_sanction)
    + (select count(a.since) + count(a.ended_at) from case_access a where a.sanction = of_sanction)
  )::integer $$`;
