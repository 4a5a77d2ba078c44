import {
  inspectionOutcomes,
  inspectionReasons,
  panelKinds,
  panelOutcomes,
  panelRules,
} from '@recourse/protocol';
import { isOverturned } from './tables-redecisions.ts';
import { among } from './keyed.ts';
import { panelSeats } from './panel-seats.ts';
import { quoted } from './quoted.ts';

const perKind = (value: (kind: (typeof panelKinds)[number]) => string | number): string =>
  `case kind ${panelKinds.map((kind) => `when '${kind}' then ${value(kind)}`).join(' ')} end`;

/** Outcomes that only votes bring. */
const byVotes = panelKinds.map((kind) => panelRules[kind].harsher);

/** What the panel decides that is no appeal of a creator, and what comes of it for platforms. */
export const panelTables = [
  `create table panel_items (
    id text primary key check (id ~ '^itm_[0-9a-z]{26}$'),
    kind text not null check (kind in (${quoted(panelKinds)})),
    -- Whom it is about
    party text not null references parties check (party ~ '^plt_'),
    sanction text references sanctions,
    -- Of an appeal against a suspension: the item that suspended
    about text references panel_items,
    votes integer not null check (votes = ${perKind((kind) => panelRules[kind].votes)}),
    opened_at timestamptz not null,
    due_at timestamptz not null,
    closed_at timestamptz,
    closed_by text check (closed_by in ('votes', 'deadline', 'end')),
    outcome text check (outcome in (${quoted(panelOutcomes)})),
    unique (id, party),
    unique (id, sanction),
    foreign key (about, party) references panel_items (id, party),
    check ((sanction is not null) = (kind = 'challenge')),
    check ((about is not null) = (kind = 'suspension-appeal')),
    check (opened_at < due_at),
    constraint panel_items_outcome_of_kind check (outcome in (
      ${perKind((kind) => `'${panelRules[kind].harsher}'`)},
      ${perKind((kind) => `'${panelRules[kind].milder}'`)})),
    check (num_nonnulls(closed_at, closed_by) in (0, 2)),
    check (closed_by is not null or outcome is null)
  )`,
  // Asked once at a time.
  `create unique index panel_items_one_open on panel_items (party)
    where closed_at is null and kind in ('party-suspension', 'inquiry')`,
  // A registration is decided on once.
  `create unique index panel_items_one_admission on panel_items (party) where kind = 'admission'`,
  // What group a party belongs to, once at a time.
  `create unique index panel_items_one_group on panel_items (party)
    where closed_at is null and kind = 'group'`,
  // A suspension is appealed once.
  `create unique index panel_items_appealed_once on panel_items (about) where about is not null`,
  `create index panel_items_open on panel_items (due_at) where closed_at is null`,
  `create index panel_items_of_party on panel_items (party, opened_at)`,
  `create table panel_votes (
    item text not null references panel_items,
    holder text not null references holders,
    kid text not null references keys,
    outcome text not null check (outcome in (${quoted(panelOutcomes)})),
    artefact text not null,
    -- Of a challenge sealed under the key of the case; none where only the log tells of the vote
    reasons bytea,
    at timestamptz not null,
    -- A reviewer votes once.
    primary key (item, holder)
  )`,
  // What was drawn of a party in a quarter, once.
  `create table inspection_draws (
    party text not null references parties check (party ~ '^plt_'),
    quarter text not null check (quarter ~ '^[0-9]{4}-Q[1-4]$'),
    -- The checkpoint that seeds it
    size bigint not null,
    root text not null,
    eligible integer not null,
    drawn integer not null check (drawn between 0 and eligible),
    at timestamptz not null,
    primary key (party, quarter)
  )`,
  `create table inspections (
    -- An id says what may be decided, and by how many.
    id text primary key constraint inspections_id check (id ~ '^itm_[0-9a-z]{26}$'),
    sanction text not null,
    why text not null check (why in (${quoted(inspectionReasons)})),
    -- Whose decision is made again
    appeal text,
    opened_at timestamptz not null,
    due_at timestamptz not null check (opened_at < due_at),
    -- From when on a record that nobody examined answers no check; none of what was drawn
    examine_by timestamptz,
    evidence_due_at timestamptz,
    evidence_confirmed_at timestamptz,
    closed_at timestamptz,
    closed_as text check (closed_as in ('decided', 'undecided', 'undelivered', 'ended')),
    outcome text check (outcome in (${quoted(inspectionOutcomes)})),
    foreign key (id, sanction) references reviews (id, sanction),
    foreign key (appeal, sanction) references appeals (id, sanction),
    check ((why in ('decision', 'asked')) = (appeal is not null)),
    check ((why = 're-examination') = (examine_by is not null)),
    check ((closed_at is null) = (closed_as is null)),
    check (closed_at is null or evidence_due_at is null),
    constraint inspections_outcome check (case closed_as
      when 'decided' then outcome is not null
      when 'undelivered' then outcome is not distinct from 'failed'
      when 'ended' then outcome is distinct from 'passed'
      else outcome is null end)
  )`,
  // Examined once at a time; of a reversal two others are asked, each by itself.
  `create unique index inspections_open on inspections (sanction) where closed_at is null and why <> 'asked'`,
  `create unique index inspections_one_drawn on inspections (appeal) where why = 'decision'`,
  `create index inspections_of_appeal on inspections (appeal) where appeal is not null`,
  `create index inspections_of_sanction on inspections (sanction)`,
  `create index inspections_due on inspections (due_at) where closed_at is null`,
  `create index inspections_failed on inspections (closed_at) where outcome = 'failed'`,
  // The newest warning of a party.
  `create table party_warnings (
    party text primary key references parties check (party ~ '^plt_'),
    decided integer not null check (decided >= 0),
    reversed integer not null check (reversed between 0 and decided),
    at timestamptz not null
  )`,
  `create table party_suspensions (
    party text not null references parties check (party ~ '^plt_'),
    cause text not null check (cause ~ '^[a-z-]{1,40}$'),
    since timestamptz not null,
    -- What the panel decided, and what it decided on appeal
    item text,
    lifted_at timestamptz,
    lifted_by text,
    primary key (party, cause, since),
    foreign key (item, party) references panel_items (id, party),
    foreign key (lifted_by, party) references panel_items (id, party),
    check ((item is not null) = (cause in ('error-rate', 'inquiry'))),
    check (lifted_by is null or lifted_at is not null),
    check (lifted_at >= since)
  )`,
  `create unique index party_suspensions_open on party_suspensions (party, cause)
    where lifted_at is null`,
];

/**
 * Appeals that count for or against a group, on records disclosed to another. Not counted are those nobody decided, a key in other hands,
 * a victim conceded to within 7 d, and what ended because the record that it says was evaded was reversed; a
 * failed inspection counts as a reversal.
 */
const countedAppeals = `create function counted_appeals(
    of_party text, since timestamptz, upto timestamptz)
  returns table (id text, sanction text, closed_at timestamptz, reversed boolean)
  language sql stable as $$
    select a.id, s.id, a.closed_at,
      not (a.closed_as = 'decided' and a.outcome in ('upheld', 'amended', 'dismissed'))
    from sanctions s join appeals a on a.sanction = s.id
    where s.party in (select group_members(of_party, upto, true))
      and a.closed_at > since and a.closed_at <= upto
      and a.closed_as in ('decided', 'conceded', 'undelivered')
      and coalesce(a.cause, '') <> 'key-compromise'
      and not is_overturned(a.id, upto)
      and not (a.closed_as = 'conceded' and a.ground = 'not-me'
        and a.concession is not distinct from 'victim' and a.closed_at <= a.opened_at + interval '7 days')
      and not (a.cause is not distinct from 'evaded-ended' and not exists (
        select from ends e where e.sanction = s.evades and e.kind = 'withdrawn'))
      and exists (select from disclosures d where d.sanction = s.id and d.at <= upto
        and d.party not in (select group_members(of_party, upto, true)))
      -- Decided again and found wrong, it counts once, as that.
      and not (a.outcome in ('upheld', 'amended', 'dismissed') and exists (
        select from inspections u
        where u.appeal = a.id and u.outcome = 'failed' and u.closed_at <= upto))
    union all
    select u.id, s.id, u.closed_at, true
    from sanctions s join inspections u on u.sanction = s.id
    where s.party in (select group_members(of_party, upto, true)) and u.outcome = 'failed'
      and u.closed_at > since and u.closed_at <= upto
      and not exists (select from appeals a where a.id = u.appeal and a.outcome in ('reversed', 'finding'))
  $$`;

/** The harsher outcome needs a majority of all votes asked for, whoever writes it; a registration waits for all of them. */
const byMajority = `create function panel_item_by_majority() returns trigger language plpgsql as $$
    begin
      if new.closed_by = 'votes' and (
        select count(*) from panel_votes v where v.item = new.id) < new.votes
      or new.kind = 'admission' and new.closed_by <> 'votes'
      or new.outcome in (${quoted(byVotes)}) and (
        select count(*) from panel_votes v
        where v.item = new.id and v.outcome = new.outcome) * 2 <= new.votes
      then
        raise exception 'no majority' using errcode = 'check_violation';
      end if;
      return new;
    end $$`;

/** What the reviewer of an inspection did not decide, is not decided, whoever writes it. */
const byDecision = `create function inspection_by_decision() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from decisions d where d.review = new.id and d.outcome = new.outcome)
      then
        raise exception 'nobody decided that' using errcode = 'check_violation';
      end if;
      return new;
    end $$`;

/**
 * Whoever suspends one company of a group stops the records of each, but for operators, who stop a platform. An appeal
 * that nobody decided in time lifts what it is about.
 */
const suspended = `create function is_suspended(of_party text, at timestamptz) returns setof boolean
  language sql stable as $$
    select exists (
      select from party_suspensions u
      where u.lifted_at is null and ${among('u.party', 'group_members(of_party, at, true)')}
        and (u.party = of_party or u.cause <> 'operators')
        and not exists (
          select from panel_items i
          where i.about = u.item and i.closed_at is null and i.due_at <= at)
    ) or exists (
      select from parties p where p.id = of_party and p.submissions_suspended and not exists (
        select from party_suspensions u where u.party = p.id and u.lifted_at is null))
  $$`;

const counted = [isOverturned, countedAppeals, suspended];

/** No flag is cleared over the head of a cause that stands. */
const causesStand = `create function suspension_stands() returns trigger language plpgsql as $$
    begin
      if exists (select from party_suspensions s where s.party = new.id and s.lifted_at is null) then
        raise exception 'a cause of suspension stands' using errcode = 'check_violation';
      end if;
      return new;
    end $$`;

const final = (table: string, when: string): string =>
  `create trigger ${table}_final before update on ${table}
    for each row when (${when}) execute function refuse_change()`;

/** For the service role; the owner of the schema is bound by no policy. */
export const panelGuards = (role: string): string[] => [
  ...counted,
  ...panelSeats,
  byMajority,
  byDecision,
  causesStand,
  `create trigger panel_items_majority before insert or update of closed_by, outcome on panel_items
    for each row when (new.closed_at is not null) execute function panel_item_by_majority()`,
  `create trigger inspections_decided before insert or update of closed_as, outcome on inspections
    for each row when (new.closed_as = 'decided') execute function inspection_by_decision()`,
  final('panel_items', 'old.closed_at is not null'),
  final('inspections', 'old.closed_at is not null'),
  final('party_suspensions', 'old.lifted_at is not null'),
  `create trigger parties_suspension_stands before update of submissions_suspended on parties
    for each row when (old.submissions_suspended and not new.submissions_suspended)
    execute function suspension_stands()`,
  ...['panel_votes', 'party_suspensions'].flatMap((table) => [
    `alter table ${table} enable row level security`,
    `create policy ${table}_read on ${table} for select to ${role} using (true)`,
  ]),
  `alter table inspections enable row level security`,
  `create policy inspections_read on inspections for select to ${role} using (true)`,
  `create policy inspections_open on inspections for insert to ${role} with check (
    closed_at is null and (appeal is null or exists (
      select from redecisions l
      where l.appeal = inspections.appeal and (why = 'decision' and l.drawn
        or why = 'asked' and l.asked_at is not null and (
          select count(*) from inspections o where o.appeal = l.appeal and o.why = 'asked') < 2))))`,
  `create policy inspections_change on inspections for update to ${role} using (true) with check (true)`,
  `create policy panel_votes_apart on panel_votes for insert to ${role} with check (
    may_vote(item, holder, at)
    and (select count(*) from panel_votes v where v.item = panel_votes.item)
      < (select i.votes from panel_items i where i.id = panel_votes.item))`,
  // What the panel is named for, the panel decided.
  `create policy party_suspensions_decided on party_suspensions for insert to ${role} with check (
    lifted_at is null
    -- Two operators stand behind theirs.
    and (cause <> 'operators' or exists (
      select from proposals q
      where q.op = 'platforms.suspend' and q.executed_by is not null and q.executed_at = since))
    and (item is null or exists (
      select from panel_items i
      where i.id = party_suspensions.item and i.party = party_suspensions.party
        and i.kind in ('party-suspension', 'inquiry') and i.outcome = 'suspend')))`,
  // And the panel alone takes it back.
  `create policy party_suspensions_lift on party_suspensions for update to ${role}
    using (true) with check (item is null or exists (
      select from panel_items i
      where i.id = party_suspensions.lifted_by and i.about = party_suspensions.item
        and i.outcome = 'lift'))`,
];
