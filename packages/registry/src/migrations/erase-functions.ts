import { erasureRequestDays } from '@recourse/protocol';
import type { RetentionRule } from '../schema/keep.ts';
import { retention } from '../schema/retention.ts';

/** What takes the rows or values of one sanction; it is the `id` of its own table. */
function taking({ table, columns, goes }: RetentionRule): string[] {
  const ofIt = `${table === 'sanctions' ? 'id' : 'sanction'} = of_sanction`;
  if (goes === undefined) return [];
  if (goes === 'row') return [`delete from ${table} where ${ofIt};`];
  // One statement a column: what a trigger calls final is not touched again.
  return columns.map(
    (column) =>
      `update ${table} set ${column} = ${goes} where ${ofIt} and ${column} is distinct from ${goes};`,
  );
}

/** The columns of `sanctions` change together: a check holds them to each other. */
function takingRecord(life: 'texts' | 'case', mark: string): string {
  const columns = retention.filter((kept) => kept.table === 'sanctions' && kept.life === life);
  const empty = columns.flatMap(({ columns: names, goes }) =>
    names.map((name) => `${name} = ${goes}`),
  );
  return `update sanctions set ${[...empty, mark].join(', ')} where id = of_sanction;`;
}

/** Rows go before those that they refer to. */
const takingAll = (life: 'texts' | 'case'): string =>
  retention
    .toReversed()
    .filter((kept) => kept.life === life && kept.table !== 'sanctions')
    .flatMap(taking)
    .join('\n      ');

/** Columns that rows are found or joined by: their statistics make plans. */
const joined = new Set(['sanction', 'appeal', 'kid', 'jti', 'lookup', 'epoch', 'position']);

/**
 * The statistics of the planner are samples of values, and those of a table that was emptied are kept. Of what is erased
 * there are none; keyed hashes of tokens are in them until the table is analysed again.
 */
export const unsampled: string[] = [
  ...retention
    .filter(({ goes }) => goes !== undefined)
    .flatMap(({ table, columns }) =>
      columns.filter((column) => !joined.has(column)).map((column) => [table, column] as const),
    ),
  ...([
    ['answers', 'body'],
    ['checks', 'asked'],
    ['case_contacts', 'address'],
    ['notice_deliveries', 'address'],
    ['case_contacts', 'stop'],
    ['tickets', 'request'],
    ['tickets', 'lookup'],
    ['invites', 'code_hash'],
  ] as const),
].map(([table, column]) => `alter table ${table} alter column ${column} set statistics 0`);

const head = `language plpgsql security definer set search_path = public, pg_temp as $$
    #variable_conflict use_column`;

/** Takes it, whatever the rules say: for the owner of the schema, who does what the log says was done. */
const taken = [
  // Of two at once each would leave the bytes to the key that the other destroys: they wait for each other.
  `create function drop_evidence(ids text[]) returns void ${head}
    begin
      perform from sealed_evidence e where e.id = any(ids) order by e.id for update;
      delete from sealed_evidence e where e.id = any(ids) and not exists (
        select from deliveries d where d.evidence = e.id and d.sealed is not null);
    end $$`,
  `create function take_texts(of_sanction text, erased_when timestamptz) returns void ${head}
    declare
      keyed text[] := array(select d.evidence from deliveries d where d.sanction = of_sanction and d.sealed is not null);
    begin
      delete from submitter_subjects where lookup in (
        select lookup from subjects where sanction = of_sanction);
      delete from checked_subjects where lookup in (
        select lookup from subjects where sanction = of_sanction);
      update notice_deliveries set address = null
      where sanction = of_sanction and address is not null;
      update panel_votes set reasons = '' where item in (
        select id from panel_items where sanction = of_sanction);
      ${takingAll('texts')}
      perform drop_evidence(keyed);
      ${takingRecord('texts', 'texts_erased_at = coalesce(texts_erased_at, erased_when)')}
    end $$`,
  // The bytes of calls hold the tokens of all its subjects, a journal its identifiers.
  `create function take_subject(of_sanction text, of_position integer) returns void ${head}
    begin
      delete from submitter_subjects where lookup in (
        select lookup from subjects where sanction = of_sanction and position = of_position);
      delete from checked_subjects where lookup in (
        select lookup from subjects where sanction = of_sanction and position = of_position);
      update notice_deliveries set address = null
      where sanction = of_sanction and position = of_position and address is not null;
      delete from case_codes where sanction = of_sanction and position = of_position;
      delete from kept_calls where sanction = of_sanction;
      delete from journals where sanction = of_sanction;
      delete from subjects where sanction = of_sanction and position = of_position;
    end $$`,
  `create function take_case(of_sanction text, erased_when timestamptz, its_leaf bytea) returns void ${head}
    begin
      delete from case_contacts where sanction = of_sanction;
      perform take_texts(of_sanction, erased_when);
      ${takingAll('case')}
      delete from answers where sanction = of_sanction;
      update checks set ref = null where ref is not null and id in (
        select check_id from matches where sanction = of_sanction)
        and not exists (
          select from matches m join sanctions s on s.id = m.sanction
          where m.check_id = checks.id and s.id <> of_sanction and s.erased_at is null);
      ${takingRecord('case', 'erased_at = erased_when, erased_leaf = its_leaf')}
    end $$`,
];

/** The rules, as far as rows can tell them. */
const ruled = [
  // What claimants proved who asked, and waited so that every other one reads of it: what is erased comes back to nobody.
  `create function asked_positions(of_sanction text, by_then timestamptz) returns setof integer
    language sql stable as $$
    select distinct w.position from erasure_requests q join claimants c on c.id = q.claimant
    join claimant_ways w on w.claimant in (c.id, c.acts_for) and w.proves and w.at <= q.at
    where q.sanction = of_sanction and q.kept_at is null
      and q.at + interval '${erasureRequestDays} days' <= by_then
    $$`,
  // The rest goes where no subject is left, and no claimant who proved one and did not ask.
  `create function erasure_asked(of_sanction text, by_then timestamptz) returns boolean
    language sql stable as $$
    select exists (select from asked_positions(of_sanction, by_then))
      and not exists (
        select position from subjects where sanction = of_sanction
        union all
        select w.position from claimants c join claimant_ways w on w.claimant = c.id and w.proves
        where c.sanction = of_sanction and c.left_at is null and c.kind <> 'representative'
        except
        select asked_positions(of_sanction, by_then))
    $$`,
  // Only an appeal or a recall that is open delays it.
  `create function may_subject_be_erased(of_sanction text, of_position integer, erased_when timestamptz)
    returns boolean language sql stable as $$
    select exists (
      select from sanctions s where s.id = of_sanction and s.end_recorded and s.erased_at is null
        and of_position in (select asked_positions(s.id, erased_when))
        and not exists (select from appeals a where a.sanction = s.id and a.closed_at is null)
        and not exists (select from recalls r where r.sanction = s.id
          and r.acknowledgement is null and r.superseded_by is null))
    $$`,
  // Ended, with no appeal, recall or inspection open. Reversed or found wrong: its texts, once drawn. After 180 days, or
  // asked for: its case.
  `create function may_be_erased(of_sanction text, step text, erased_when timestamptz) returns boolean
    language sql stable as $$
    select exists (
      select from sanctions s left join ends e on e.sanction = s.id
      where s.id = of_sanction and s.end_recorded and s.erased_at is null
        and not exists (select from appeals a where a.sanction = s.id and a.closed_at is null)
        and not exists (select from inspections u where u.sanction = s.id and u.closed_at is null)
        and not exists (select from recalls r where r.sanction = s.id
          and r.acknowledgement is null and r.superseded_by is null)
        and (
          (step = 'texts' and not may_be_drawn(s.id, erased_when) and (e.kind = 'reversed' or exists (
            select from sanction_events f where f.sanction = s.id and f.event = 'finding')))
          or erasure_asked(s.id, erased_when)
          or coalesce(e.at, least(s.expires_at, s.amended_until)) + interval '180 days' <= erased_when
          or exists (select from registry_facts f where f.name = 'mode' and f.value = 'sandbox')))
    $$`,
];

/**
 * The one way in which anything of a case is erased. The service role may not delete or empty it otherwise, and not before
 * the rules say so; a recovery does what the log says was done. Evidence whose key is needed stays, whoever drops it.
 */
export const eraseFunctions = (role: string): string[] => [
  ...taken,
  ...ruled,
  `create function erase_texts(of_sanction text, erased_when timestamptz) returns void ${head}
    begin
      if not may_be_erased(of_sanction, 'texts', erased_when) then
        raise exception 'not to be erased yet' using errcode = 'check_violation';
      end if;
      perform take_texts(of_sanction, erased_when);
    end $$`,
  `create function erase_subject(of_sanction text, of_position integer, erased_when timestamptz)
    returns void ${head}
    begin
      if not may_subject_be_erased(of_sanction, of_position, erased_when) then
        raise exception 'not to be erased yet' using errcode = 'check_violation';
      end if;
      perform take_subject(of_sanction, of_position);
    end $$`,
  `create function erase_case(of_sanction text, erased_when timestamptz, its_leaf bytea) returns void ${head}
    begin
      if not may_be_erased(of_sanction, 'case', erased_when) then
        raise exception 'not to be erased yet' using errcode = 'check_violation';
      end if;
      perform take_case(of_sanction, erased_when, its_leaf);
    end $$`,
  `revoke execute on function drop_evidence, take_texts, take_subject, take_case, erase_texts, erase_subject, erase_case from public`,
  `grant execute on function drop_evidence, erase_texts, erase_subject, erase_case to ${role}`,
];
