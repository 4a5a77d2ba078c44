import { confirmedCauses, panelKinds, panelRules, reversalRules } from '@recourse/protocol';
import { counting } from './counting.ts';
import { among } from './keyed.ts';
import { panelSeats } from './panel-seats.ts';
import { votesAgain } from './votes-again.ts';
import { quoted } from '../schema/quoted.ts';
import { refuse } from './refuse.ts';

/** Outcomes that only votes bring. */
const byVotes = panelKinds.map((kind) => panelRules[kind].harsher);

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

/** No vote of one person stops a group: two who decided name the cause, of an appeal or of it and the inspection of it. */
const namedByTwo = `create function is_named_by_two(of_reviews text[], of_cause text) returns boolean
  language sql stable as $$
    select count(distinct d.holder) > 1 from decisions d
    where d.review = any(of_reviews) and d.cause = of_cause
  $$`;
const unconfirmed = refuse('a second confirms the cause');

/** What the reviewer of an inspection did not decide, is not decided, whoever writes it. */
const byDecision = `create function inspection_by_decision() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from decisions d where d.review = new.id and d.outcome = new.outcome)
      then
        raise exception 'nobody decided that' using errcode = 'check_violation';
      end if;
      if reexamined_until(new.suspension) <= new.closed_at then
        raise exception 'its suspension was lifted' using errcode = 'check_violation';
      end if;
      -- Who reversed the record, and who did not know it.
      if new.cause is not null and not is_named_by_two(array[new.id, new.appeal], new.cause) then
        ${unconfirmed}
      end if;
      return new;
    end $$`;

/** Who lifts a suspension closes the re-examinations that it opened, and nobody else does. */
const byLifting = [
  `create function guard_lifted() returns trigger language plpgsql as $$
    begin
      if (reexamined_until(new.suspension) <= new.closed_at) is not true then
        raise exception 'its suspension stands' using errcode = 'check_violation';
      end if;
      return new;
    end $$`,
  `create trigger inspections_lifted before insert or update of closed_as on inspections
    for each row when (new.closed_as = 'lifted') execute function guard_lifted()`,
];

/** Nothing lets a record pass after a reversal but a reviewer, or its end. */
const byEnd = [
  `create function guard_relay() returns trigger language plpgsql as $$
    begin
      if not exists (select from sanctions s left join ends e on e.sanction = s.id
        where s.id = new.sanction
          and coalesce(e.at, s.amended_until, s.expires_at) <= new.closed_at) then
        ${refuse('nobody looked at it')}
      end if;
      return new;
    end $$`,
  `create trigger inspections_relay_ends before update of closed_as on inspections
    for each row when (new.why = 'relay' and new.closed_as = 'ended') execute function guard_relay()`,
];

/** A cause that stops a group is that of an appeal where two who decided it named it; else it is an error. */
const byTwo = [
  `create function guard_cause() returns trigger language plpgsql as $$
    begin
      if not is_named_by_two(array[new.id], new.cause) then ${unconfirmed} end if;
      return new;
    end $$`,
  `create trigger appeals_cause_confirmed before update of closed_as, cause on appeals
    for each row when (new.closed_as = 'decided' and new.cause in (${quoted(confirmedCauses)}))
    execute function guard_cause()`,
];

/**
 * Whoever suspends one company of a group stops the records of each, but for operators, who stop a platform. An appeal
 * that nobody decided in time lifts what it is about.
 */
const suspended = `create function is_suspended(of_party text, at timestamptz) returns setof boolean
  language sql stable as $$
    select exists (
      select from party_suspensions u
      where u.lifted_at is null and ${among('u.party', 'group_members(of_party, at)')}
        and (u.party = of_party or u.cause <> 'operators')
        and not exists (
          select from panel_items i
          where i.about = u.item and i.closed_at is null and i.due_at <= at)
    ) or exists (
      select from parties p where p.id = of_party and p.submissions_suspended and not exists (
        select from party_suspensions u where u.party = p.id and u.lifted_at is null))
  $$`;

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

/** Of a decision that was drawn, a cause that one reviewer named, or a suspension that the panel decided. */
const opened = (role: string): string =>
  `create policy inspections_open on inspections for insert to ${role} with check (
    closed_at is null and (why <> 'relay' or exists (
      select from sanctions s where s.id = inspections.sanction and s.relayed))
    and (why <> 'home-reversal' or exists (
      select from ends e where e.sanction = inspections.sanction and e.lifted_at is not null))
    and (suspension is null or exists (
      select from panel_items i where i.id = suspension and i.outcome = 'suspend'))
    and (appeal is null or exists (
      select from redecisions l
      where l.appeal = inspections.appeal and (why = 'decision' and l.drawn
        or why = 'cause' and exists (
          select from decisions d
          where d.review = l.appeal and d.cause in (${quoted(confirmedCauses)}))))))`;

/** A vote strikes what counted when it was asked, and nothing to come. */
const namesCounted = `(strikes = '{}' or strikes <@ array(
      select c.id from panel_items i
      cross join lateral counted_appeals(i.party, i.opened_at - interval '${reversalRules.windowDays} days', i.opened_at) c
      where i.id = panel_votes.item and i.kind = 'strikes'))`;

/** For the service role; the owner of the schema is bound by no policy. */
export const panelGuards = (role: string): string[] => [
  ...counting,
  suspended,
  votesAgain,
  ...panelSeats,
  byMajority,
  namedByTwo,
  byDecision,
  ...byTwo,
  ...byLifting,
  ...byEnd,
  causesStand,
  `create trigger panel_items_majority before insert or update of closed_by, outcome on panel_items
    for each row when (new.closed_at is not null) execute function panel_item_by_majority()`,
  `create trigger inspections_decided before insert or update of closed_as, outcome, cause on inspections
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
  opened(role),
  `create policy inspections_change on inspections for update to ${role} using (true) with check (true)`,
  `create policy panel_votes_apart on panel_votes for insert to ${role} with check (
    may_vote(item, holder, at)
    and (select count(*) from panel_votes v where v.item = panel_votes.item)
      < (select i.votes from panel_items i where i.id = panel_votes.item)
    and ${namesCounted})`,
  // Two operators stand behind theirs, and three reviewers behind all else: no single vote stops a party.
  `create policy party_suspensions_decided on party_suspensions for insert to ${role} with check (
    lifted_at is null
    and (item is not null or cause = 'operators' and exists (
      select from proposals q
      where q.op = 'platforms.suspend' and q.executed_by is not null and q.executed_at = since))
    and (item is null or exists (
      select from panel_items i
      where i.id = party_suspensions.item and i.party = party_suspensions.party
        and i.kind in ('party-suspension', 'inquiry', 'speech') and i.outcome = 'suspend')))`,
  // And the panel alone takes it back.
  `create policy party_suspensions_lift on party_suspensions for update to ${role}
    using (true) with check (item is null or exists (
      select from panel_items i
      where i.id = party_suspensions.lifted_by and i.about = party_suspensions.item
        and i.outcome = 'lift'))`,
];
