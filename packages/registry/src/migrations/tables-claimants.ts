import { accessKinds, claimantWays, mostByOneWay, mostContactTries } from '@recourse/protocol';
import { quoted } from './quoted.ts';
import { room } from './room.ts';

/** Who speaks for a person on a case, how they came, whom they let in, and who hears when it has news. */
export const claimantTables = [
  `create table claimants (
    id text primary key check (id ~ '^clm_[0-9a-z]{26}$'),
    sanction text not null references sanctions,
    -- H of it; another one once they replaced it
    secret text not null unique,
    kind text not null check (kind in ('self', ${quoted(accessKinds)})),
    -- Who let them in
    acts_for text,
    -- Signs what they give up
    signing_key text check (length(signing_key) < 300),
    since timestamptz not null,
    left_at timestamptz check (left_at >= since),
    unique (id, sanction),
    foreign key (acts_for, sanction) references claimants (id, sanction),
    constraint claimants_let_in check ((kind = 'self') = (acts_for is null))
  )`,
  `create index claimants_of on claimants (sanction)`,
  `create index claimants_acting on claimants (acts_for) where acts_for is not null`,
  `create table claimant_ways (
    claimant text not null,
    sanction text not null,
    way text not null check (way in (${quoted(claimantWays)})),
    position integer check (position between 0 and 7),
    at timestamptz not null,
    -- The last time that they showed it
    proven_at timestamptz not null,
    unique nulls not distinct (claimant, way, position),
    foreign key (claimant, sanction) references claimants (id, sanction),
    constraint claimant_ways_handed check ((way = 'handed') = (position is null))
  )`,
  `create index claimant_ways_of on claimant_ways (sanction)`,

  `create table case_access (
    sanction text not null references sanctions,
    by_claimant text not null,
    place integer not null check (place between 1 and 999),
    kind text not null check (kind in (${quoted(accessKinds)})),
    -- As the claimant named them, sealed under the key of the case
    name bytea not null,
    -- H of the code, which lets in once
    invite text not null unique,
    invited_at timestamptz not null,
    invite_until timestamptz not null check (invite_until <= invited_at + interval '168 hours'),
    -- Who came
    claimant text unique,
    since timestamptz constraint case_access_in_time check (since < invite_until),
    ended_at timestamptz,
    primary key (by_claimant, place),
    foreign key (by_claimant, sanction) references claimants (id, sanction),
    foreign key (claimant, sanction) references claimants (id, sanction),
    check ((claimant is null) = (since is null))
  )`,
  `create index case_access_of on case_access (sanction)`,
  // One address a claimant. Nothing but the code goes there before its owner confirmed it.
  `create table case_contacts (
    claimant text primary key,
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
    ${room(mostByOneWay)},
    unique (sanction, way, slot),
    foreign key (claimant, sanction) references claimants (id, sanction),
    constraint case_contacts_unconfirmed
      check (confirmed_at is not null or (mailed_at is null and retry_at is null and failures = 0))
  )`,
  `create index case_contacts_of on case_contacts (sanction)`,
];

const refuse = (why: string): string =>
  `raise exception '${why}' using errcode = 'check_violation';`;

export const claimantGuards = [
  // Whoever left is no claimant again, and a proof is never taken back.
  `create trigger claimants_left before update on claimants
    for each row when (old.left_at is not null) execute function refuse_change()`,
  `create trigger claimant_ways_final before update on claimant_ways
    for each row when (new.proven_at < old.proven_at) execute function refuse_change()`,
  `create trigger case_access_ended before update on case_access
    for each row when (old.ended_at is not null and new.ended_at is distinct from old.ended_at)
    execute function refuse_change()`,
  // A claimant lets somebody in, and a representative nobody. A guardian acts for a minor.
  `create function guard_let_in() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from case_access a join claimants c on c.id = a.by_claimant
        where a.by_claimant = new.acts_for and a.kind = new.kind and a.claimant is null
          and a.ended_at is null and a.invite_until > new.since
          and c.left_at is null and c.kind <> 'representative'
      ) then ${refuse('nobody let them in')} end if;
      if new.kind = 'guardian' and not exists (
        select from sanctions s where s.id = new.sanction and s.age = 'minor'
      ) then ${refuse('a guardian acts for a minor')} end if;
      return new;
    end $$`,
  `create trigger claimants_let_in before insert on claimants
    for each row when (new.acts_for is not null) execute function guard_let_in()`,
];

/**
 * By which identifiers a claimant came until an instant; -1 by a code that the platform handed out: all of those are one
 * way. A guardian whom a minor let in came as the minor did, and a representative as the claimant they act for.
 */
const waysOf = `create function ways_of(of_claimant text, by_then timestamptz) returns setof integer
  language sql stable as $$
  select distinct coalesce(w.position, -1) from claimants c
  join claimant_ways w on w.claimant in (c.id, c.acts_for) and w.at <= by_then
  where c.id = of_claimant $$`;

/** How much has happened in a case that its claimants are told of; it only grows. */
const caseNews = `create function case_news(of_sanction text) returns integer language sql stable as $$
  select (
    (select count(*) from sanction_events e where e.sanction = of_sanction)
    + (select count(*) + count(q.answered_at) from inquiries q where q.sanction = of_sanction)
  )::integer $$`;

export const caseFunctions = [waysOf, caseNews];
