import { mostAlone, serialOutcomes } from '@recourse/protocol';
import { reviewKinds, reviewRules } from '@recourse/protocol/review';
import { quoted } from '../schema/quoted.ts';
import { refuse } from './refuse.ts';

const isSerial = (row: string): string => `${row}.outcome in (${quoted(serialOutcomes)})`;

/** By an inspection that fails its record, too. Of a cause that is confirmed nothing is taken. */
const counts = (row: string): string => `(${isSerial(row)} or ${row}.outcome = 'failed'
  and not exists (select from inspections u where u.id = ${row}.review and u.why = 'cause'))`;

/** Of which series one more decision on a record is, than its reviewer decides alone. */
const series = `create function series_of(of_holder text, of_sanction text, at timestamptz) returns text
  language sql stable as $$
    select case
      when (select count(*) from decisions d
        where d.holder = of_holder and ${counts('d')} and d.at > series_of.at - interval '24 hours'
      ) >= ${mostAlone.inADay} then 'today'
      when (select count(*) from decisions d join sanctions s on s.id = d.sanction
        where d.holder = of_holder and ${counts('d')}
          and d.at > series_of.at - interval '${mostAlone.groupDays} days'
          and s.party in (select group_members(mine.party, series_of.at) from sanctions mine where mine.id = of_sanction)
      ) >= ${mostAlone.ofGroup} then 'of-group' end
  $$`;

const unconfirmed = reviewKinds.flatMap((kind) =>
  reviewRules[kind].isConfirmed ? [] : reviewRules[kind].outcomes,
);

/**
 * Their decisions wait for each other here, so that two at once are not both the tenth. An inspection has one reviewer,
 * and so nobody to confirm: the eleventh that they would fail waits for another day.
 */
const count = `create function guard_counted() returns trigger language plpgsql as $$
  begin
    perform from holders h where h.id = new.holder for no key update;
    if new.serial <> (${counts('new')} and series_of(new.holder, new.sanction, new.at) is not null) then
      ${refuse('counted wrong')}
    end if;
    if new.serial and new.outcome in (${quoted(unconfirmed)}) then
      ${refuse('enough for one reviewer')}
    end if;
    return new;
  end $$`;

/** A serial vote comes to nothing before another says the same, or a third decides. */
const confirm = `create function guard_serial() returns trigger language plpgsql as $$
  begin
    if (select bool_or(d.serial) and count(*) < 3 and (count(*) < 2
        or count(distinct case when d.cause is null then d.outcome else 'wrong' end) > 1)
      from decisions d where d.review = new.id)
    then
      raise exception 'a second confirms' using errcode = 'check_violation';
    end if;
    return new;
  end $$`;

/** By a decision nothing ends and nothing is amended before what it decides is closed. */
const carriedOut = (name: string, decision: { artefact: string; sanction: string }): string =>
  `create function guard_${name}() returns trigger language plpgsql as $$
  begin
    if exists (
      select from decisions d
      where d.sanction = ${decision.sanction} and d.artefact = ${decision.artefact} and not exists (
        select from appeals a where a.id = d.review and a.closed_as = 'decided'
        union all select from inspections u where u.id = d.review and u.closed_as = 'decided')
    ) then
      raise exception 'not decided yet' using errcode = 'check_violation';
    end if;
    return new;
  end $$`;

/** One reviewer cannot empty the registry. */
export const serialGuards = [
  series,
  count,
  `create trigger decisions_serial before insert on decisions
    for each row execute function guard_counted()`,
  confirm,
  `create trigger appeals_serial_confirmed before update of closed_as, outcome on appeals
    for each row when (new.closed_as = 'decided') execute function guard_serial()`,
  carriedOut('end_decided', { artefact: 'new.artefact', sanction: 'new.sanction' }),
  `create trigger ends_decided before insert on ends
    for each row when (new.artefact is not null) execute function guard_end_decided()`,
  carriedOut('amendment_decided', { artefact: 'new.amendment', sanction: 'new.id' }),
  `create trigger sanctions_amendment_decided before update of amendment on sanctions
    for each row when (new.amendment is not null) execute function guard_amendment_decided()`,
  // Who was asked for is not spared.
  `create trigger appeals_reviewers_grow before update of reviewers on appeals
    for each row when (new.reviewers < old.reviewers) execute function refuse_change()`,
];
