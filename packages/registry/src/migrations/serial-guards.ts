import { mostTakenAlone, takingOutcomes } from '@recourse/protocol';
import { quoted } from './quoted.ts';

const takes = (row: string): string => `${row}.outcome in (${quoted(takingOutcomes)})`;

/** What a reviewer took from records in the day before, by appeals and by inspections. Of what was asked again nothing is taken. */
const inADay = `create function taken_in_a_day(of_holder text, at timestamptz) returns bigint
  language sql stable as $$
    select (
      select count(*) from decisions d
      where d.holder = of_holder and ${takes('d')} and d.at > taken_in_a_day.at - interval '24 hours'
    ) + (
      select count(*) from panel_votes v join inspections u on u.item = v.item and u.why <> 'asked'
      where v.holder = of_holder and v.outcome = 'failed' and v.at > taken_in_a_day.at - interval '24 hours')
  $$`;

/** An inspection has one reviewer, and so nobody to confirm: the eleventh that they would fail waits for another day. */
const inspected = `create function guard_failed() returns trigger language plpgsql as $$
  begin
    perform from holders h where h.id = new.holder for no key update;
    if taken_in_a_day(new.holder, new.at) >= ${mostTakenAlone}
      and exists (select from inspections u where u.item = new.item and u.why <> 'asked') then
      raise exception 'enough for a day' using errcode = 'check_violation';
    end if;
    return new;
  end $$`;

/** Their decisions of a day wait for each other here, so that two at once are not both the tenth. */
const count = `create function count_serial() returns trigger language plpgsql as $$
  begin
    perform from holders h where h.id = new.holder for no key update;
    new.serial := ${takes('new')} and taken_in_a_day(new.holder, new.at) >= ${mostTakenAlone};
    return new;
  end $$`;

/** What a serial vote alone would come to: another says so, too, or decides as the third. */
const confirm = `create function guard_serial() returns trigger language plpgsql as $$
  begin
    if (select bool_and(d.serial) and count(*) < 2 from decisions d
      where d.appeal = new.id and ${takes('d')})
    then
      raise exception 'a second confirms' using errcode = 'check_violation';
    end if;
    return new;
  end $$`;

/** By a decision nothing ends and nothing is amended before its appeal is closed. */
const carriedOut = (name: string, of: { artefact: string; sanction: string }): string =>
  `create function guard_${name}() returns trigger language plpgsql as $$
  begin
    if exists (
      select from decisions d join appeals a on a.id = d.appeal
      where d.sanction = ${of.sanction} and d.artefact = ${of.artefact}
        and a.closed_as is distinct from 'decided'
    ) then
      raise exception 'not decided yet' using errcode = 'check_violation';
    end if;
    return new;
  end $$`;

/** One reviewer cannot empty the registry. */
export const serialGuards = [
  inADay,
  inspected,
  `create trigger panel_votes_failed before insert on panel_votes
    for each row when (new.outcome = 'failed') execute function guard_failed()`,
  count,
  `create trigger decisions_serial before insert on decisions
    for each row execute function count_serial()`,
  confirm,
  `create trigger appeals_serial_confirmed before update of closed_as, outcome on appeals
    for each row when (new.closed_as = 'decided' and ${takes('new')}) execute function guard_serial()`,
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
