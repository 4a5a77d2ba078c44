import { reasonCodes, reasons } from '@recourse/protocol';
import { bounds } from '@recourse/protocol/review';
import { probationHoldHours } from '../schema/figures.ts';
import { quoted } from '../schema/quoted.ts';
import { refuse } from './refuse.ts';

const hold = `interval '${bounds.holdHours.floor} hours'`;
const undelivered = `interval '${24 * bounds.undeliveredDays.floor} hours'`;
const relayHold = `interval '${probationHoldHours} hours'`;
const atOnce = quoted(reasonCodes.filter((code) => reasons[code].answersNow));

/** Nobody could have answered a notice before its hold is over. Only a sandbox leaves the bounds. */
const delivery = `create function guard_delivery() returns trigger language plpgsql as $$
  declare
    s sanctions%rowtype;
    p parties%rowtype;
    held interval := ${hold};
  begin
    select * into strict s from sanctions where id = new.sanction;
    select * into strict p from parties where id = s.party;
    if s.reason in (${atOnce}) then held := interval '0 hours'; end if;
    if s.submitted_at < p.probation_until or s.relayed then held := interval '${probationHoldHours} hours'; end if;
    if (new.delivered_at >= s.submitted_at) is not true then
      ${refuse('delivered before it was submitted')}
    end if;
    if not exists (
      select from notice_deliveries d
      where d.sanction = new.sanction and d.position = new.position and d.result = 'taken'
    ) then
      ${refuse('nothing was delivered to it')}
    end if;
    if not is_sandbox() and new.review_from < new.delivered_at + held then
      ${refuse('reviewed before its hold is over')}
    end if;
    return new;
  end $$`;

/** What answers already, or whose code somebody used, keeps its notice; any other loses it by a bounce alone. */
const undelivery = `create function guard_undelivery() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from notice_deliveries d where d.sanction = new.sanction and d.position = new.position
        and d.bounced_at < old.review_from
    ) or exists (
      select from case_codes o where o.sanction = new.sanction and o.position = new.position
        and o.used_by is not null
    ) then
      ${refuse('a delivered notice is not taken back')}
    end if;
    return new;
  end $$`;

/** A result is final: one that nobody took may be asked for again, one that came back before it counted was refused. */
const result = `create function guard_delivery_result() returns trigger language plpgsql as $$
  begin
    if old.result = 'unsent' or (old.result = 'taken' and new.result = 'refused'
      and old.bounced_at is not null and not exists (
        select from subjects u where u.sanction = new.sanction and u.position = new.position
          and u.delivered_at is not null)) then
      return new;
    end if;
    ${refuse('a delivery is over')}
  end $$`;

/** Who says that it came back are of the operator. */
const bouncers = `create function guard_bouncers() returns trigger language plpgsql as $$
  begin
    if exists (
      select from holders h where h.id in (new.bounced_by, new.confirmed_by) and h.party <> 'operator'
    ) then
      ${refuse('they are not of the operator')}
    end if;
    return new;
  end $$`;

const others = `create function guard_notice() returns trigger language plpgsql as $$
  begin
    if not is_sandbox() and new.others_from < new.notified_at
      + greatest(case when new.relayed then ${relayHold} else interval '0' end, case when new.reason in (${atOnce}) then ${hold} else ${undelivered} end) then
      ${refuse('no notice reached them')}
    end if;
    return new;
  end $$`;

/**
 * Told to review, and perhaps to refuse: of a record whose notice reached one of its identifiers, and that is not of a
 * suspended party and unexamined, nor one after a reversal that nobody looked at. An answer leaves within a minute of its question.
 */
const advice = `create function guard_advice() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from subjects u where u.sanction = new.sanction and u.delivered_at is not null
    ) then
      ${refuse('no notice was delivered')}
    end if;
    if exists (
      select from inspections i where i.sanction = new.sanction and i.closed_at is null
        and (i.why = 'relay' or i.suspension is not null and i.due_at <= new.told_at - interval '1 minute'
          and (reexamined_until(i.suspension) <= new.told_at) is not true)
    ) then
      ${refuse('nobody examined it in time')}
    end if;
    return new;
  end $$`;

export const noticeGuards = [
  delivery,
  undelivery,
  result,
  bouncers,
  others,
  advice,
  `create trigger subjects_delivery before insert or update of delivered_at, review_from on subjects
    for each row when (new.delivered_at is not null) execute function guard_delivery()`,
  `create trigger subjects_undelivery before update of delivered_at, review_from on subjects
    for each row when (old.delivered_at is not null and new.delivered_at is null)
    execute function guard_undelivery()`,
  `create trigger notice_deliveries_result before update of result on notice_deliveries
    for each row when (old.result is not null and new.result is distinct from old.result)
    execute function guard_delivery_result()`,
  `create trigger notice_deliveries_bouncers before insert or update of bounced_by, confirmed_by
    on notice_deliveries for each row when (new.bounced_by is not null)
    execute function guard_bouncers()`,
  `create trigger notice_deliveries_again before update of again on notice_deliveries
    for each row when (old.again is not null and new.again is distinct from old.again)
    execute function refuse_change()`,
  `create trigger sanctions_notice before insert or update of notified_at, others_from on sanctions
    for each row when (new.notified_at is not null) execute function guard_notice()`,
  `create trigger matches_advice before insert or update of advice on matches
    for each row when (new.advice = 'review') execute function guard_advice()`,
];
