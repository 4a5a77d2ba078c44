import {
  alarmExplanations,
  appealGrounds,
  checkAlarms,
  decisionOutcomes,
  endCauses,
  maxCaseFiles,
  mostByOneWay,
  mostInformation,
  withdrawalCauses,
} from '@recourse/protocol';
import { reviewKinds, reviewRules } from '@recourse/protocol/review';
import { quoted } from './quoted.ts';
import { room } from './room.ts';

/**
 * The creator's side of a case, and the appeal with all that belongs to it. Words, files and evidence are
 * sealed under the key of the case.
 */
export const appealTables = [
  // What reviewers judge of a record: an appeal, or an inspection. Neither is there without the other row.
  `create table reviews (
    id text primary key,
    sanction text not null references sanctions,
    ${reviewKinds
      .map(
        (kind) =>
          `${kind} text generated always as (case left(id, 4) when '${reviewRules[kind].prefix}_' then id end) stored,`,
      )
      .join('\n    ')}
    unique (id, sanction),
    check (num_nonnulls(${reviewKinds.join(', ')}) = 1)
  )`,
  `create table appeals (
    id text primary key check (id ~ '^apl_[0-9a-z]{26}$'),
    sanction text not null references sanctions,
    -- Whose record it is, by which the open appeals of a group are found
    submitter text not null references parties,
    -- Who opened it; nobody once the case is erased
    claimant text,
    ground text not null check (ground in (${quoted(appealGrounds)})),
    -- The ground expression on a code next to speech
    speech boolean not null default false,
    language text not null,
    words bytea not null,
    -- Of a later one: what is new
    news bytea,
    -- The dismissed one that another reviewer looks at again
    reopens text,
    reviewers integer not null check (reviewers between 1 and 3),
    opened_at timestamptz not null,
    assignment_due_at timestamptz not null check (assignment_due_at >= opened_at),
    evidence_due_at timestamptz,
    evidence_lapses_at timestamptz,
    evidence_confirmed_at timestamptz,
    added_days integer not null default 0 check (added_days between 0 and 14),
    decision_due_at timestamptz not null,
    undecided_at timestamptz not null,
    relief_due_at timestamptz,
    relief_decided_at timestamptz,
    relief_decided_as text check (relief_decided_as in ('granted', 'refused', 'spared')),
    withdraws_at timestamptz,
    -- By ways that an earlier decision bound: late, it neither suspends nor ends the record
    bound boolean not null,
    -- Whether another was open on the same evidence when its relief began: none is due
    together boolean not null default false,
    -- The first of those that stand together on the same evidence; none of itself
    beside text,
    -- Until then its record stays held while it is open: 60 days, to the next day that somebody works
    keeps_until timestamptz constraint appeals_hold_ends
      check (keeps_until <= opened_at + interval '63 days'),
    responded_at timestamptz,
    response bytea,
    closed_at timestamptz,
    closed_as text check (closed_as in ('decided', 'withdrawn', 'undelivered', 'undecided', 'conceded', 'restored')),
    outcome text check (outcome in (${quoted(decisionOutcomes)})),
    cause text check (cause in (${quoted(endCauses)})),
    -- Why the submitter says that it conceded
    concession text check (concession in (${quoted(withdrawalCauses)})),
    unique (id, sanction),
    foreign key (id, sanction) references reviews (id, sanction),
    foreign key (reopens, sanction) references appeals (id, sanction),
    constraint appeals_concession check (concession is null or cause is not distinct from 'conceded'),
    foreign key (claimant, sanction) references claimants (id, sanction),
    check ((closed_at is null) = (closed_as is null)),
    constraint appeals_outcome check ((closed_as is not distinct from 'decided') = (outcome is not null)),
    constraint appeals_undecided_late check (closed_as <> 'undecided' or closed_at >= undecided_at),
    check ((evidence_due_at is null) = (evidence_lapses_at is null)),
    check (opened_at < decision_due_at and decision_due_at <= undecided_at),
    -- Speech: two reviewers, and relief that is granted where nobody decided it in time.
    constraint appeals_expression_two check (not speech or reviewers >= 2),
    constraint appeals_relief_in_time check (case when relief_decided_as = 'spared'
      then relief_decided_at = relief_due_at else relief_decided_at < relief_due_at end),
    check ((relief_decided_at is null) = (relief_decided_as is null)),
    check (relief_decided_at is null or relief_due_at is not null)
  )`,
  // One open at a time.
  `create unique index appeals_one_open on appeals (sanction) where closed_at is null`,
  `create index appeals_beside on appeals (beside, opened_at) where beside is not null`,
  // Reopened once.
  `create unique index appeals_reopened on appeals (reopens) where reopens is not null`,
  `create index appeals_of_sanction on appeals (sanction)`,
  `create index appeals_of_speech on appeals (closed_at)
    where cause in ('expression', 'authority-origin')`,
  `create index appeals_conceded_speech on appeals (closed_at)
    where closed_as = 'conceded' and speech`,
  `create index appeals_reversed on appeals (closed_at) where closed_at is not null
    and not (closed_as = 'decided' and outcome in ('upheld', 'amended', 'dismissed'))`,
  `create index appeals_open on appeals (opened_at) where closed_at is null`,
  // Who appeals together: whoever opened the appeal, and each who joined it. One row a ground.
  `create table appeal_joins (
    appeal text not null,
    sanction text not null,
    claimant text not null,
    ground text not null check (ground in (${quoted(appealGrounds)})),
    -- None of whoever opened it: theirs stand with the appeal
    words bytea,
    at timestamptz not null,
    -- When they said that they withdraw, from when they appeal no more, and what they signed
    withdrawal_at timestamptz check (withdrawal_at >= at), withdraws_at timestamptz, withdrawal text,
    ${room(mostByOneWay)},
    primary key (appeal, claimant, ground),
    unique (appeal, way, slot),
    foreign key (appeal, sanction) references appeals (id, sanction),
    foreign key (claimant, sanction) references claimants (id, sanction)
  )`,
  `create index appeal_joins_of on appeal_joins (sanction, claimant)`,
  `create table assignments (
    review text not null,
    sanction text not null,
    holder text not null references holders,
    kid text not null references keys,
    at timestamptz not null,
    -- The signed claim and the thumbprint of its sealing key, once the reviewer made one
    statement text,
    sealing_kid text,
    keyed_at timestamptz,
    expires_at timestamptz not null,
    released_at timestamptz,
    released_as text check (released_as in ('recused', 'expired', 'decided', 'closed')),
    -- The first of the assignment: itself, unless other appeals on the same evidence came along
    batch text not null references reviews,
    primary key (review, holder),
    foreign key (review, sanction) references reviews (id, sanction),
    check ((statement is null) = (keyed_at is null) and (statement is null) = (sealing_kid is null)),
    check ((released_at is null) = (released_as is null))
  )`,
  // An inspection has one reviewer.
  `create unique index assignments_one_inspector on assignments (review)
    where released_at is null and left(review, 4) = '${reviewRules.inspection.prefix}_'`,
  `create index assignments_sealing_key on assignments (sealing_kid) where sealing_kid is not null`,
  `create index assignments_of_holder on assignments (holder) where released_at is null`,
  `create index assignments_given_back on assignments (holder, released_at) where released_as = 'recused'`,
  `create table decisions (
    sanction text not null,
    holder text not null,
    review text not null,
    kid text not null references keys,
    outcome text not null,
    cause text check (cause ~ '^[a-z-]{1,40}$'),
    artefact text not null,
    reasons bytea not null,
    at timestamptz not null,
    -- One more than its reviewer reverses or amends in a day on their own word
    serial boolean not null,
    -- A reviewer decides a sanction once.
    primary key (sanction, holder),
    foreign key (review, sanction) references reviews (id, sanction),
    foreign key (review, holder) references assignments (review, holder),
    constraint decisions_of_kind check (case left(review, 4) ${reviewKinds
      .map(
        (kind) =>
          `when '${reviewRules[kind].prefix}_' then outcome in (${quoted(reviewRules[kind].outcomes)})`,
      )
      .join(' ')} end),
    check ((outcome in ('reversed', 'finding')) = (cause is not null))
  )`,
  `create index decisions_of_review on decisions (review)`,
  `create table deliveries (
    review text not null,
    sanction text not null,
    item integer not null check (item between 0 and 15),
    round integer not null,
    -- Thumbprints of the sealing keys it can be opened with
    sealed_to text[] not null,
    -- The key of its bytes, sealed under that of the case; null when destroyed
    sealed bytea,
    evidence text not null,
    at timestamptz not null,
    rejected_at timestamptz,
    rejected_why text check (rejected_why in ('illegal-media', 'third-party-data', 'mismatch')),
    primary key (review, item, round),
    foreign key (review, sanction) references reviews (id, sanction),
    check ((rejected_at is null) = (rejected_why is null)),
    check (rejected_at is null or sealed is null)
  )`,
  `create table questions (
    id text primary key check (id ~ '^qst_[0-9a-z]{26}$'),
    appeal text not null,
    sanction text not null,
    holder text not null,
    kind text not null check (kind in ('question', 'gist')),
    text bytea not null,
    asked_at timestamptz not null,
    due_at timestamptz not null,
    answer bytea,
    answered_at timestamptz,
    -- Whom it is put to; none where it is put to everybody who appeals
    claimant text,
    answered_by text,
    foreign key (claimant, sanction) references claimants (id, sanction),
    foreign key (answered_by, sanction) references claimants (id, sanction),
    check ((answered_by is null) = (answer is null)),
    foreign key (appeal, sanction) references appeals (id, sanction),
    foreign key (appeal, holder) references assignments (review, holder),
    check ((answer is null) = (answered_at is null))
  )`,
  `create index questions_of_appeal on questions (appeal)`,
  `create table case_information (
    appeal text not null,
    sanction text not null,
    claimant text not null,
    position integer not null,
    text bytea not null,
    at timestamptz not null,
    ${room(mostInformation)},
    primary key (appeal, position),
    unique (appeal, way, slot),
    foreign key (appeal, sanction) references appeals (id, sanction),
    foreign key (claimant, sanction) references claimants (id, sanction)
  )`,
  `create table case_files (
    appeal text not null,
    sanction text not null,
    claimant text not null,
    position integer not null,
    -- Name, media type and bytes, sealed under the case key
    sealed bytea not null,
    size integer not null,
    at timestamptz not null,
    ${room(maxCaseFiles)},
    primary key (appeal, position),
    unique (appeal, way, slot),
    foreign key (appeal, sanction) references appeals (id, sanction),
    foreign key (claimant, sanction) references claimants (id, sanction)
  )`,
  // What proves a find is a MAC over the identifier: neither the identifier nor its token is kept.
  `create table finds (
    id text primary key check (id ~ '^fnd_[0-9a-z]{26}$'),
    kind text not null check (kind in ('email', 'phone', 'domain', 'wallet')),
    at timestamptz not null,
    expires_at timestamptz not null,
    tries integer not null default 0,
    used_at timestamptz
  )`,
  `create table tickets (
    request text primary key,
    party text not null references parties check (party ~ '^plt_'),
    lookup bytea not null check (octet_length(lookup) = 32),
    epoch bigint not null,
    kind text not null check (kind in ('account', 'iban')),
    at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  `create index tickets_of_token on tickets (lookup, epoch)`,
  `create table guesses (
    hour timestamptz primary key,
    n integer not null
  )`,
  `create table alarms (
    id text primary key,
    kind text not null check (kind ~ '^[a-z-]{1,40}$'),
    counts jsonb not null,
    at timestamptz not null,
    -- Whose checks it stopped, until operators said what it was
    party text references parties check (party is null or kind in (${quoted(checkAlarms)})),
    explained_at timestamptz,
    explained text check (explained in (${quoted(alarmExplanations)})),
    constraint alarms_explained check (num_nulls(explained_at, explained) in (0, 2)
      and (explained is null or party is not null))
  )`,
  `create index alarms_open on alarms (party) where party is not null and explained_at is null`,
  `create index alarms_newest on alarms (at, id)`,
];
