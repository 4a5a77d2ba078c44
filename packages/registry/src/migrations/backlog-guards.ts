import { backlogDays, leastBacklog, mostTogether } from '@recourse/protocol/review';
import { keyed } from './keyed.ts';
import { refuse } from './refuse.ts';

/**
 * When an appeal closed, as the index has it. A plan that was made while the table was empty would prefer a smaller index,
 * of all open or all decided ones: none of them has this.
 */
const closed = `coalesce(a.closed_at, 'infinity')`;

/** Appeals are found by the platform whose record they are about: those of other groups cost a submission nothing. */
const submitter = [
  `create function guard_submitter() returns trigger language plpgsql as $$
    begin
      if new.submitter is distinct from (select s.party from sanctions s where s.id = new.sanction) then
        ${refuse('an appeal on a record of another platform')}
      end if;
      return new;
    end $$`,
  `create trigger appeals_submitter before insert on appeals
    for each row execute function guard_submitter()`,
  `create index appeals_of_submitter on appeals (submitter, (coalesce(closed_at, 'infinity')))`,
];

/**
 * Appeals on records of the party's group that no reviewer had for so long, those on the same evidence by the assignments
 * that they make, and what the panel decided of its records in 30 d. A company counts to every group that it was in, as everywhere.
 * Whether reviewers are asked about the group's speech, or suspended it for that.
 */
const backlogOf = `create function backlog_of(of_party text, at timestamptz)
  returns table (waiting integer, decided integer, asked boolean) language sql stable as $$
    select (
      select coalesce(sum(ceil(b.n / ${mostTogether}.0)), 0)::int from (
        select count(*) as n from group_members(of_party, at) as m(party)
        cross join lateral (
          select a.* from appeals a
          where a.submitter = m.party and ${closed} = 'infinity'
            and a.opened_at <= at - interval '${backlogDays} days' ${keyed}) a
        cross join lateral (select s.proof from sanctions s where s.id = a.sanction ${keyed}) s
        where a.undecided_at > at and (a.evidence_lapses_at is null or a.evidence_lapses_at > at)
          and (a.withdraws_at is null or a.withdraws_at > at)
          and not exists (
            select from assignments c where c.review = a.id
              and least(c.expires_at, c.released_at) > at - interval '${backlogDays} days')
        group by coalesce(s.proof, a.id)
      ) b
    ), (
      select count(*)::int from group_members(of_party, at) as m(party)
      cross join lateral (
        select from appeals a
        where a.submitter = m.party and ${closed} > at - interval '30 days' and ${closed} < 'infinity'
          and coalesce(a.closed_as, '') = 'decided' ${keyed}) a),
    exists (
      select from group_members(of_party, at) as m(party)
      join panel_items i on i.party = m.party and i.kind = 'speech'
      left join party_suspensions u on u.item = i.id
      where (i.closed_at is null and i.due_at > at) or (u.item is not null and u.lifted_at is null))
  $$`;

/** \`isBehind\` of the protocol, which the registry decides by. */
const isBehind = `create function is_behind(waiting integer, decided integer, asked boolean)
  returns boolean language sql immutable as $$ select asked or waiting > greatest(${leastBacklog}, 2 * decided) $$`;

const behindAt = (at: string): string =>
  `(select is_behind(b.waiting, b.decided, b.asked) from backlog_of(new.party, ${at}) b)`;

/** What is submitted by a group that is behind is held, and once, until it is not. */
const guard = `create function guard_backlog() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' then
      if old.submitted_at is not null
        and (new.backlogged <> old.backlogged or new.relayed <> old.relayed) then
        ${refuse('whether a record is held for a backlog is decided once')}
      end if;
      if new.backlog_over_at is distinct from old.backlog_over_at
        and (old.backlog_over_at is not null or ${behindAt('new.backlog_over_at')}) then
        ${refuse('too many appeals on records of its group wait')}
      end if;
      if old.submitted_at is not null then return new; end if;
    end if;
    if new.submitted_at is not null and not new.backlogged
      and ${behindAt('new.submitted_at')} then
      ${refuse('too many appeals on records of its group wait')}
    end if;
    return new;
  end $$`;

export const backlogGuards = [
  `create index appeals_decided on appeals (closed_at) where closed_as = 'decided'`,
  ...submitter,
  backlogOf,
  isBehind,
  guard,
  `create trigger sanctions_backlog before insert or update of submitted_at, backlogged, relayed, backlog_over_at
    on sanctions for each row execute function guard_backlog()`,
];
