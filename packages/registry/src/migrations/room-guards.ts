import { filesEachTime, mostDrawn } from '@recourse/protocol';
import { refuse } from './refuse.ts';

/** Each shared way of a claimant: all codes that the platform handed out are one. */
const sharedWays = `select 'handed' as way union all
  select kind || ':' || place from generate_series(0, 7) place, unnest(array['delivered', 'ticket']) kind`;

/** Room is each claimant's own, and reviewers read a bounded number, whoever floods a way. */
export const roomGuards = [
  // Ten of each way, by lot. Whoever was drawn before stays, also where lots came since that are lower.
  `create function draw_lots(of_appeal text, drawn timestamptz) returns void language sql as $$
    update appeal_lots l set read_at = drawn
    from (${sharedWays}) ways cross join lateral (
      select d.claimant, d.way from appeal_lots d where d.appeal = of_appeal and d.way = ways.way
      order by d.lot limit ${mostDrawn}) d
    where l.appeal = of_appeal and l.claimant = d.claimant and l.way = d.way and l.read_at is null $$`,
  // Whoever writes what lets a reviewer read draws first: once they have a key, and again with each question.
  `create function guard_drawn() returns trigger language plpgsql as $$
    begin
      if exists (
        select from (${sharedWays}) ways cross join lateral (
          select d.read_at from appeal_lots d where d.appeal = to_jsonb(new) ->> tg_argv[0] and d.way = ways.way
          order by d.lot limit ${mostDrawn}) d
        where d.read_at is null) then
        ${refuse('nobody drew whom its reviewer reads')}
      end if;
      return null;
    end $$`,
  `create constraint trigger assignments_draw after update of keyed_at on assignments deferrable initially deferred
    for each row when (old.keyed_at is null and new.keyed_at is not null) execute function guard_drawn('review')`,
  `create constraint trigger questions_draw after insert on questions deferrable initially deferred
    for each row execute function guard_drawn('appeal')`,
  `create trigger appeal_lots_final before update of read_at on appeal_lots
    for each row when (old.read_at is not null) execute function refuse_change()`,
  // By a proven way unasked; by a shared one, and beyond that, for each question that is put to them.
  `create function file_room(of_appeal text, of_claimant text) returns integer language sql stable as $$
    select ${filesEachTime} * (
      has_proven(of_claimant, 'infinity')::integer
      + (select count(*)::integer from questions q where q.appeal = of_appeal and q.kind = 'question'
        and (q.claimant = of_claimant or (q.claimant is null and of_claimant in (select read_in(of_appeal)))))) $$`,
  `create function guard_file() returns trigger language plpgsql as $$
    begin
      if new.slot >= file_room(new.appeal, new.claimant) then ${refuse('no room for a file')} end if;
      return new;
    end $$`,
  `create trigger case_files_room before insert on case_files
    for each row execute function guard_file()`,
];
