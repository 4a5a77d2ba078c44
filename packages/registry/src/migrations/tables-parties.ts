import { reasonCodes } from '@recourse/protocol';
import { quoted } from './quoted.ts';

export const partyTables = [
  `create table registry_facts (
    name text primary key,
    value text not null,
    -- JCS of the entry that announced it
    entry text
  )`,
  `create table parties (
    id text primary key check (id in ('panel', 'operator') or id ~ '^plt_[0-9a-z]{26}$'),
    kind text not null check (kind = case when id in ('panel', 'operator') then id else 'platform' end),
    name text not null,
    registration jsonb,
    enrolment_kid text,
    registered_at timestamptz not null,
    -- Open to objection until then; none of the panel and the operator
    objections_until timestamptz,
    -- It checks and submits from here on; none while an objection waits, or was upheld
    active_from timestamptz check (active_from >= objections_until),
    probation_until timestamptz check (probation_until >= active_from),
    left_at timestamptz,
    submissions_suspended boolean not null default false,
    checks_stopped boolean not null default false,
    submissions_per_day integer check (submissions_per_day >= 0),
    elements_per_day integer check (elements_per_day >= 0),
    enabled_reasons text[] not null default '{}',
    -- A platform is registered; a body owned or directed by a state is no platform.
    check ((kind = 'platform') = (registration is not null)),
    check (num_nulls(active_from, probation_until) in (0, 2)),
    constraint parties_no_state_body
      check (registration is null or registration -> 'stateOwned' is not distinct from 'false'::jsonb)
  )`,
  `create unique index parties_domain on parties ((registration ->> 'domain'))`,
  `create table holders (
    id text primary key check (id ~ '^hld_[0-9a-z]{26}$'),
    party text not null references parties,
    term_until timestamptz,
    removed_at timestamptz,
    -- From then on the cases that a reviewer gave back are counted anew
    excused_at timestamptz,
    -- Of a reviewer, as the invitation published them; nobody changes them
    languages text[] not null default '{}',
    opt_out text[] not null default '{}',
    unique (id, party),
    constraint holders_opt_out
      check (cardinality(opt_out) <= 9 and opt_out <@ array[${quoted(reasonCodes)}]),
    check (party = 'panel' or (languages = '{}' and opt_out = '{}'))
  )`,
  `create table affiliations (
    holder text not null references holders,
    party text not null references parties,
    until timestamptz,
    primary key (holder, party)
  )`,
  `create table invites (
    code_hash text primary key,
    id text not null unique,
    party text not null references parties,
    holder text not null,
    role text not null,
    admin boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    redeemed_at timestamptz,
    foreign key (holder, party) references holders (id, party)
  )`,
  `create table keys (
    kid text primary key,
    party text not null references parties,
    holder text not null,
    role text not null constraint keys_role_of_party check (
      case when party = 'panel' then role = 'reviewer'
           when party = 'operator' then role = 'operator'
           else role in ('service', 'trust', 'support') end),
    admin boolean not null constraint keys_support_is_no_admin check (not (admin and role = 'support')),
    alg text not null check (alg in ('Ed25519', 'ES256')),
    jwk jsonb not null,
    statement text not null,
    position integer not null,
    active_from timestamptz not null,
    revoked_at timestamptz,
    revoked_why text check (revoked_why in ('retired', 'compromised')),
    compromised_since timestamptz,
    -- JCS of its key-added, and of its latest key-revoked
    entry text not null,
    revocation text,
    unique (party, position),
    unique (kid, party),
    foreign key (holder, party) references holders (id, party),
    check ((revoked_at is null) = (revoked_why is null)),
    check ((revoked_at is null) = (revocation is null)),
    constraint keys_compromised check (compromised_since is null or revoked_why is not distinct from 'compromised')
  )`,
  `create table enrolments (
    kid text primary key,
    party text not null references parties,
    holder text not null,
    role text not null,
    admin boolean not null,
    enrolment text not null,
    enrolled_at timestamptz not null,
    foreign key (holder, party) references holders (id, party)
  )`,
  `create table proposals (
    id text primary key,
    op text not null,
    input_hash text not null,
    proposed_by text not null references holders,
    proposed_at timestamptz not null,
    execute_before timestamptz not null,
    executed_by text references holders,
    executed_at timestamptz,
    check ((executed_by is null) = (executed_at is null)),
    -- Two people, whatever keys they hold.
    constraint proposals_two_people check (executed_by is distinct from proposed_by),
    check (executed_at is null or executed_at <= execute_before)
  )`,
  `create index proposals_open on proposals (op, input_hash) where executed_at is null`,
];
